/** All corruptions, by their names. */
export { blur } from "./blur.ts";
export { brightness } from "./brightness.ts";
export { contrast } from "./contrast.ts";
export { elastic } from "./elastic.ts";
export { gaussianNoise } from "./gaussianNoise.ts";
export { occlusion } from "./occlusion.ts";
export { pixelate } from "./pixelate.ts";
export { rotation } from "./rotation.ts";
export { saltAndPepper } from "./saltAndPepper.ts";
export { translation } from "./translation.ts";
export { uniformNoise } from "./uniformNoise.ts";
