import * as ort from "onnxruntime-node";
import { type Backend, onnxBackend } from "./backend.ts";
import type { Device } from "./devices.ts";
import { dialectOf } from "./dialect.ts";

/** Errors alone: that a provider leaves some operators to the processor is no news. */
const ERRORS = 3;

/**
 * The backend of Node.js.
 * @param threads one by default: many cohorts at once fill a machine better than many threads in one
 * @param device other ones than the processor run the standard's operators; what they lack of these, the processor does
 */
export function nodeBackend(threads = 1, device: Device = "cpu"): Backend {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  if (device !== "cpu") {
    return onnxBackend(device, ort, { ...options, executionProviders: [device], logSeverityLevel: ERRORS }, true);
  }
  const backend = onnxBackend("node", ort, options, true);
  return { ...backend, dialect: () => (ofThisMachine ??= dialectOf(backend)) };
}

/** Found out once. */
let ofThisMachine: ReturnType<typeof dialectOf> | undefined;
