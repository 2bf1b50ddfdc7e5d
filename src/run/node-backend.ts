import * as ort from "onnxruntime-node";
import { type Backend, onnxBackend } from "./backend.ts";
import { dialectOf } from "./dialect.ts";

/**
 * The backend of Node.js.
 * @param threads one by default: many cohorts at once fill a machine better than many threads in one
 */
export function nodeBackend(threads = 1): Backend {
  const backend = onnxBackend("node", ort, { intraOpNumThreads: threads, interOpNumThreads: 1 }, true);
  return { ...backend, dialect: () => (ofThisMachine ??= dialectOf(backend)) };
}

/** Found out once. */
let ofThisMachine: ReturnType<typeof dialectOf> | undefined;
