import * as ort from "onnxruntime-node";
import { type Backend, onnxBackend } from "./backend.ts";
import { dialectOf } from "./dialect.ts";

/** The backend of Node.js. One thread: many cohorts at once fill a machine better than many threads in one. */
export function nodeBackend(): Backend {
  const backend = onnxBackend("node", ort, { intraOpNumThreads: 1, interOpNumThreads: 1 }, true);
  return { ...backend, dialect: () => (ofThisMachine ??= dialectOf(backend)) };
}

/** Found out once. */
let ofThisMachine: ReturnType<typeof dialectOf> | undefined;
