/**
 * Questions to another thread or process and its answers, as promises. What it throws is thrown to who asked, mistakes of the user's as
 * such.
 */
import { errorsOf, UserError, UserErrors } from "./errors.ts";

/** One end of what joins the two. */
export interface Port {
  /** @param memory what is handed over rather than copied, where that can be */
  send(message: unknown, memory?: object[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: messages of both directions
  listen(heard: (message: any) => void): void;
}

// biome-ignore lint/suspicious/noExplicitAny: handlers of all signatures
export type Handlers = Record<string, (...args: any[]) => unknown>;

interface Question {
  id: number;
  name: string;
  args: unknown[];
}

interface Mistake {
  message: string;
  where?: string;
  hint?: string;
}

type Answer =
  | { id: number; value: unknown }
  | { id: number; mistakes: Mistake[] }
  | { id: number; fault: string }
  | { told: string; value: unknown };

/** Values that are handed over with their memory. */
export class Transferred<T> {
  constructor(
    readonly value: T,
    readonly memory: object[],
  ) {}
}

type Returned<R> = R extends Promise<infer P> ? Returned<P> : R extends Transferred<infer T> ? T : R;

export type Remote<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Returned<ReturnType<H[K]>>>;
};

/** Answers the questions that come. */
export function answerOn(port: Port, handlers: Handlers): void {
  port.listen(async ({ id, name, args }: Question) => {
    try {
      const value = await handlers[name](...args);
      if (value instanceof Transferred) port.send({ id, value: value.value }, value.memory);
      else port.send({ id, value });
    } catch (error) {
      const told: Answer =
        error instanceof UserError
          ? { id, mistakes: errorsOf(error).map(({ message, where, hint }) => ({ message, where, hint })) }
          : { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      port.send(told);
    }
  });
}

/** Tells whoever listens, without being asked. */
export const tellOn = (port: Port, told: string, value: unknown, memory?: object[]): void =>
  port.send({ told, value } satisfies Answer, memory);

/**
 * The other side of `answerOn`.
 * @param heard what it tells without being asked
 * @returns with `fail`, for when nobody is there any more: all that still wait are told why
 */
export function remoteOn<H extends Handlers>(
  port: Port,
  heard: (told: string, value: unknown) => void = () => {},
): { remote: Remote<H>; fail(why: Error): void } {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let count = 0;
  port.listen((answer: Answer) => {
    if ("told" in answer) return heard(answer.told, answer.value);
    const { resolve, reject } = waiting.get(answer.id)!;
    waiting.delete(answer.id);
    if ("value" in answer) resolve(answer.value);
    else if ("fault" in answer) reject(new Error(answer.fault));
    else {
      const errors = answer.mistakes.map((m) => new UserError(m.message, m.where, m.hint));
      reject(errors.length === 1 ? errors[0] : new UserErrors(errors));
    }
  });
  const remote = new Proxy({} as Remote<H>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          waiting.set(++count, { resolve, reject });
          port.send({ id: count, name, args } satisfies Question);
        }),
  });
  return {
    remote,
    fail(why) {
      for (const { reject } of waiting.values()) reject(why);
      waiting.clear();
    },
  };
}
