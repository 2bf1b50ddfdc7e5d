import * as ort from "onnxruntime-node";
import { type Backend, onnxBackend } from "./backend.ts";

/** The backend of Node.js. One thread: many cohorts at once fill a machine better than many threads in one. */
export const nodeBackend = (): Backend =>
  onnxBackend("node", ort, { intraOpNumThreads: 1, interOpNumThreads: 1 }, true);
