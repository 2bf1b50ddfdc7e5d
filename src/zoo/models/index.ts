/** All models, by the names of study files. */
export { cnn } from "./cnn.ts";
export { layers } from "./layers.ts";
export { lenet } from "./lenet.ts";
export { linear } from "./linear.ts";
export { mlp } from "./mlp.ts";
export { resnet } from "./resnet.ts";
