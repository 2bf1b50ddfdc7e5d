/** The command line on stores that several processes share, for tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bin, env } from "../program.ts";

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves at the first event that it prints for which this holds; rejects where it ends before. */
  event(holds: (event: Record<string, unknown>) => boolean): Promise<void>;
}

/** Starts `losslab ARGS` in a folder. */
export function start(folder: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err]: [string[], string[]] = [[], []];
  const events: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  createInterface(child.stdout!).on("line", (line) => {
    out.push(line);
    if (!line.startsWith("{")) return;
    try {
      events.push(JSON.parse(line));
    } catch {
      return; // cut short by a signal
    }
    for (const listener of listeners) listener();
  });
  createInterface(child.stderr!).on("line", (line) => err.push(line));
  const ended = once(child, "close").then(([status]): Ended => {
    return { status, stdout: out.join("\n"), stderr: err.join("\n") };
  });
  return {
    child,
    ended,
    event: (holds) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!events.some(holds)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        ended.then(({ status, stderr }) => {
          reject(new Error(`losslab ${args[0]} ended with ${status} before the event: ${stderr.slice(-2000)}`));
        });
      }),
  };
}

export const losslab = (folder: string, ...args: string[]): Promise<Ended> => start(folder, args).ended;

/** The results of a run without its times. */
export async function numbers(folder: string, store: string, run = "latest"): Promise<{ id: string }[]> {
  const { stdout, stderr, status } = await losslab(folder, "results", run, "--json", "--history", "--store", store);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout, (key, value) => (key === "seconds" ? undefined : value)).trials;
}
