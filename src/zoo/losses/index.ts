/** All losses, by the names of study files. */
export { ce } from "./ce.ts";
export { mae, mse } from "./distance.ts";
export { focal } from "./focal.ts";
export { hinge } from "./hinge.ts";
export { kl } from "./kl.ts";
