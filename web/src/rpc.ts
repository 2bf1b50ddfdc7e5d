/** Questions of a page to its workers. */
import { answerOn, type Handlers, type Port, type Remote, remoteOn, tellOn } from "../../src/util/rpc.ts";

export { type Remote, Transferred } from "../../src/util/rpc.ts";

const portOf = (end: Worker | DedicatedWorkerGlobalScope): Port => ({
  send: (message, memory = []) => end.postMessage(message, memory as Transferable[]),
  listen(heard) {
    end.onmessage = ({ data }: MessageEvent) => heard(data);
  },
});

const page = portOf(globalThis as unknown as DedicatedWorkerGlobalScope);

/** Answers questions in a worker. */
export const answer = (handlers: Handlers): void => answerOn(page, handlers);

/** Tells the page something from a worker, without being asked. */
export const tell = (told: string, value: unknown, memory?: object[]): void => tellOn(page, told, value, memory);

/** The page's side. */
export function remote<H extends Handlers>(worker: Worker, heard?: (told: string, value: unknown) => void): Remote<H> {
  const { remote, fail } = remoteOn<H>(portOf(worker), heard);
  worker.onerror = (event) => fail(new Error(event.message || "the worker could not be started"));
  return remote;
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
