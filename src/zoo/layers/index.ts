/** All layers, by the names of study files. */
export { activate as activation } from "./activate.ts";
export { conv2d } from "./conv2d.ts";
export { dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { flatten } from "./flatten.ts";
export { batchNorm, layerNorm } from "./normalization.ts";
export { padChannels } from "./padChannels.ts";
export { avgPool, globalAvgPool, maxPool } from "./pooling.ts";
export { residual } from "./residual.ts";
export { logSoftmax, softmax } from "./softmax.ts";
