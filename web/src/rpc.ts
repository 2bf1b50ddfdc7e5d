/** Questions to a worker and its answers, as promises. What a worker throws is thrown to who asked, mistakes of the user's as such. */
import { errorsOf, UserError, UserErrors } from "../../src/util/errors.ts";

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
    readonly memory: Transferable[],
  ) {}
}

type Returned<R> = R extends Promise<infer P> ? Returned<P> : R extends Transferred<infer T> ? T : R;

export type Remote<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Returned<ReturnType<H[K]>>>;
};

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

/** Answers questions in a worker. */
export function answer(handlers: Handlers): void {
  scope.onmessage = async ({ data: { id, name, args } }: MessageEvent<Question>) => {
    try {
      const value = await handlers[name](...args);
      if (value instanceof Transferred) scope.postMessage({ id, value: value.value }, value.memory);
      else scope.postMessage({ id, value });
    } catch (error) {
      const told: Answer =
        error instanceof UserError
          ? { id, mistakes: errorsOf(error).map(({ message, where, hint }) => ({ message, where, hint })) }
          : { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      scope.postMessage(told);
    }
  };
}

/** Tells whoever listens, without being asked. */
export const tell = (told: string, value: unknown, memory: Transferable[] = []): void =>
  scope.postMessage({ told, value }, memory);

/** The other side of `answer`. */
export function remote<H extends Handlers>(
  worker: Worker,
  heard: (told: string, value: unknown) => void = () => {},
): Remote<H> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let count = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if ("told" in data) return heard(data.told, data.value);
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if ("value" in data) resolve(data.value);
    else if ("fault" in data) reject(new Error(data.fault));
    else {
      const errors = data.mistakes.map((m) => new UserError(m.message, m.where, m.hint));
      reject(errors.length === 1 ? errors[0] : new UserErrors(errors));
    }
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "the worker could not be started"));
    waiting.clear();
  };
  return new Proxy({} as Remote<H>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          waiting.set(++count, { resolve, reject });
          worker.postMessage({ id: count, name, args } satisfies Question);
        }),
  });
}

/** Runs one at a time; of calls that come meanwhile only the latest is run. Earlier ones never resolve. */
export function latestOnly<A extends unknown[], R>(run: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let busy = false;
  let next: (() => void) | undefined;
  return (...args) =>
    new Promise<R>((resolve, reject) => {
      const begin = (): void => {
        busy = true;
        run(...args)
          .then(resolve, reject)
          .finally(() => {
            busy = false;
            const waiting = next;
            next = undefined;
            waiting?.();
          });
      };
      if (busy) next = begin;
      else begin();
    });
}
