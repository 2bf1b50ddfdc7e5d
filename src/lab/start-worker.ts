import { Worker } from "node:worker_threads";
import { built } from "../util/package.ts";

/** A worker thread that makes itself ready and waits for what to do. Flags of the calling process, such as those of `node -e`, are not its. */
export const startWorker = (): Worker => new Worker(built("worker.js", import.meta.url), { execArgv: [] });
