/** losslab as a library, in Node.js. */
export * from "./core.ts";
export { type RunStudyOptions, runStudy } from "./library/run-study.ts";
export { nodeBackend } from "./run/node-backend.ts";
export { openStore, type Store } from "./store/store.ts";
