/** One line per kind of label noise; nothing else needs to know of it. */
export { asymmetric } from "./asymmetric.ts";
export { pairFlip } from "./pairFlip.ts";
export { symmetric } from "./symmetric.ts";
export { transition } from "./transition.ts";
