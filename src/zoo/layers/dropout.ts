import { cast, greaterOrEqual, mul, uniform } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { layer } from "./layer.ts";

/** In training each value is dropped with probability p and the others are scaled by 1/(1-p). Srivastava et al., 2014, § 10. */
export const dropout = layer({
  name: "dropout",
  title: "dropout",
  summary: "Drops values at random in training.",
  reference: "Srivastava et al., 2014, § 10",
  primary: "p",
  params: { p: number("probability of dropping a value", { default: 0.5, min: 0, below: 1 }) },
  build: (input, { p }) => ({
    output: input,
    apply(x, _, { training, seed }) {
      if (!training || p === 0) return x;
      return mul(x, mul(cast(greaterOrEqual(uniform(seed(), x.shape), p), "float32"), 1 / (1 - p)));
    },
  }),
});
