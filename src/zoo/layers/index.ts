/** All layers, by the names of study files. */
import * as layers from "./index.ts";
import type { Layer } from "./layer.ts";
import { residualOf } from "./residual.ts";

export { activate as activation } from "./activate.ts";
export { conv2d } from "./conv2d.ts";
export { dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { flatten } from "./flatten.ts";
export { batchNorm, layerNorm } from "./normalization.ts";
export { padChannels } from "./padChannels.ts";
export { avgPool, globalAvgPool, maxPool } from "./pooling.ts";
export { logSoftmax, softmax } from "./softmax.ts";

/** Blocks are made of layers: of all that this file exports. */
export const residual: Layer = residualOf(() => layers);
