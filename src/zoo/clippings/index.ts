/** All ways of clipping gradients, by the names of study files. */
export { none } from "./none.ts";
export { norm } from "./norm.ts";
export { value } from "./value.ts";
