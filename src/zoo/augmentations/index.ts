/** All augmentations, by the names of study files. */
export { all } from "./all.ts";
export { crop } from "./crop.ts";
export { cutout } from "./cutout.ts";
export { flip } from "./flip.ts";
export { mixup } from "./mixup.ts";
export { none } from "./none.ts";
