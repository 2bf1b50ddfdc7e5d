/** All optimizers, by the names of study files. */
export { adam, adamw } from "./adam.ts";
export { rmsprop } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";
