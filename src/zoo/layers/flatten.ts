import { reshape, sizeOf } from "../../tensor/index.ts";
import { layer } from "./layer.ts";

/** [N, ...] to [N, D]. */
export const flatten = layer({
  name: "flatten",
  title: "flatten",
  summary: "All values of an example in one row.",
  params: {},
  build: (input) => ({ output: [sizeOf(input)], apply: (x) => reshape(x, [x.shape[0], sizeOf(input)]) }),
});
