/**
 * Runs as processes of the same command line. They outlive the dashboard: what they did is in the store, what they said in its folder
 * `logs`, and the store's locks tell which process works on which run.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentWith, folderBeside } from "../store/place.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import type { JobView } from "./api.ts";
import { studyYaml } from "./study-yaml.ts";

export interface JobOptions {
  /** The program and the arguments before its command. */
  program: readonly string[];
  store: string;
  folder: string;
  dataDir?: string;
  allowCode: boolean;
}

interface Job {
  id: string;
  study: string;
  /** The run that it goes on with; null of a new one. */
  resumes: string | null;
  startedAt: string;
  pid: number | undefined;
  log: string;
  exitCode: number | null;
  ended: boolean;
}

const MOST_OUTPUT = 4000;

/** A process that was told to stop ends at its next step, which may take a while, and then puts its state away. */
const ENDING_MS = 60_000;
const LOOK_MS = 100;

/** The end of a file that another process writes. */
function endOf(file: string): string {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0) return "";
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(Math.min(size, MOST_OUTPUT));
    const read = readSync(handle, buffer, 0, buffer.length, Math.max(0, size - buffer.length));
    return buffer.toString("utf8", 0, read);
  } finally {
    closeSync(handle);
  }
}

/** @param told called when a process has ended */
export function jobs(options: JobOptions, told: () => void) {
  const all: Job[] = [];

  /** Runs that were told to stop from here. */
  const stopping = new Set<string>();

  function start(study: string, yaml: string, flags: readonly string[], resumes: string | null = null): string {
    const startedAt = new Date().toISOString();
    const id = `${startedAt.replace(/[-:.TZ]/g, "")}-${all.length}`;
    const folder = join(folderBeside(options.store), "logs");
    mkdirSync(folder, { recursive: true });
    const log = join(folder, `${id}.log`);
    const out = openSync(log, "a");
    const [command, ...before] = options.program;
    const own = ["run", "-", "--no-report", ...flags];
    const data = options.dataDir ? ["--data", options.dataDir] : [];
    const code = options.allowCode ? ["--allow-code"] : [];
    const child = spawn(command, [...before, ...own, ...data, ...code], {
      cwd: options.folder,
      detached: true, // a group of its own: Ctrl-C in the dashboard's terminal is not meant for it
      stdio: ["pipe", out, out],
      env: { ...environmentWith(options.store), NO_COLOR: "1" },
    });
    closeSync(out);
    const job: Job = { id, study, resumes, startedAt, pid: child.pid, log, exitCode: null, ended: false };
    all.push(job);
    const end = (code: number | null): void => {
      job.ended = true;
      job.exitCode = code;
      told();
    };
    child.on("error", () => end(127));
    child.on("exit", end);
    child.stdin!.on("error", () => {}); // it ended before it read: its exit says so
    child.stdin!.end(yaml);
    child.unref();
    return id;
  }

  /** The process of a run, if it is of this machine. */
  async function holder(store: Store, run: string): Promise<number> {
    const held = (await store.holders()).get(run);
    if (!held) throw new UserError("no process works on this run", "run", "resume it to go on");
    if (held.hostname !== hostname()) {
      throw new UserError(`the run's process ${held.pid} is on ${held.hostname}`, "run", "stop it there");
    }
    return held.pid;
  }

  return {
    start,

    /** The processes that were started here, newest first. */
    async list(store: Store | null): Promise<JobView[]> {
      const held = store ? [...(await store.holders())] : [];
      return all
        .map(
          ({ id, study, startedAt, pid, log, exitCode, ended }): JobView => ({
            id,
            study,
            startedAt,
            state: ended ? "ended" : "running",
            run: held.find(([, h]) => h.pid === pid && h.hostname === hostname())?.[0] ?? null,
            exitCode,
            output: endOf(log),
          }),
        )
        .reverse();
    },

    async signal(store: Store, run: string, signal: NodeJS.Signals): Promise<void> {
      process.kill(await holder(store, run), signal);
      if (signal === "SIGINT") stopping.add(run);
    },

    /** Goes on with a run that no process works on, or no longer: one that was stopped is waited for. */
    async resume(store: Store, id: string): Promise<string> {
      const going = all.find((job) => job.resumes === id && !job.ended && !stopping.has(id));
      if (going) throw new UserError("this run is being resumed", "run", `process ${going.pid} has begun`);
      for (const until = Date.now() + ENDING_MS; ; await sleep(LOOK_MS)) {
        const held = (await store.holders()).get(id);
        if (!held) break;
        const by = `process ${held.pid} on ${held.hostname}`;
        const isEnding = stopping.has(id) || (await store.run(id)).state === "interrupted";
        if (!isEnding) throw new UserError(`${by} works on this run`, "run", "stop it first, or let it go on");
        if (Date.now() > until) throw new UserError(`${by} was told to stop and has not ended yet`, "run", "resume it once it has"); // biome-ignore format: one line
      }
      stopping.delete(id);
      const { run, trials } = await store.results(id, { history: false });
      if (run.state === "finished") throw new UserError("this run is finished", "run");
      const device = trials.find((t) => t.trial.device)?.trial.device;
      return start(run.study, studyYaml(run.spec), device ? ["--device", device] : [], id);
    },
  };
}
