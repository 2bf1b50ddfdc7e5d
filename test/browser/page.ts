/** Trains in the page and leaves the promise of the outcome where the test finds it. */
import * as ort from "onnxruntime-web/wasm";
import { onnxBackend } from "../../src/core.ts";
import { type Trained, train } from "./training.ts";

declare global {
  var trained: Promise<Trained>;
}

ort.env.wasm.numThreads = 1;
// Its outputs that were made before are not written back, hence not reused.
globalThis.trained = train(onnxBackend("web", ort, { executionProviders: ["wasm"] }, false));
