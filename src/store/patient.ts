/** Transactions that are tried again while a database is not there: it is started anew, or the way to it is cut. */
import { setTimeout as sleep } from "node:timers/promises";

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * The same functions. Each must be a transaction that may be repeated: that it was committed may be all that could not be told.
 * @param isPassing whether an error may be gone when it is tried again
 */
export function patient<T extends object>(functions: T, isPassing: (error: unknown) => boolean, patienceMs: number): T {
  if (patienceMs <= 0) return functions;
  const trying =
    (work: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      const until = Date.now() + patienceMs;
      for (let wait = FIRST_MS; ; wait = Math.min(LONGEST_MS, 2 * wait)) {
        try {
          return await work(...args);
        } catch (error) {
          if (!isPassing(error) || Date.now() + wait > until) throw error;
        }
        await sleep(wait * (0.5 + Math.random() / 2)); // apart from others that wait for the same
      }
    };
  return Object.fromEntries(Object.entries(functions).map(([name, work]) => [name, trying(work)])) as T;
}
