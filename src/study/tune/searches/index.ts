/** Every way to search for hyperparameters, by its name in study files. */
export { quasiRandom } from "./quasiRandom.ts";
export { random } from "./random.ts";
export { successiveHalving } from "./successiveHalving.ts";
