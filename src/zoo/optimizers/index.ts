/** All optimizers, by the names of study files. */
export { adadelta } from "./adadelta.ts";
export { adagrad } from "./adagrad.ts";
export { adam, adamw } from "./adam.ts";
export { adamax } from "./adamax.ts";
export { lion } from "./lion.ts";
export { nadam } from "./nadam.ts";
export { radam } from "./radam.ts";
export { rmsprop } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";
