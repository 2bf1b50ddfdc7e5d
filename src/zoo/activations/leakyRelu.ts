import { maximum, mul } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { activation } from "./activation.ts";

/** x for x > 0, else slope·x; slope < 1. Maas et al., 2013. */
export const leakyRelu = activation({
  name: "leakyRelu",
  title: "LeakyReLU",
  summary: "Positive part, with a small slope below 0.",
  formula: "\\max(sx, x)",
  reference: "Maas et al., 2013",
  primary: "slope",
  params: { slope: number("slope below 0", { default: 0.01, min: 0, below: 1 }) },
  apply: (x, { slope }) => maximum(mul(x, slope), x), // at 0 the first operand's gradient: the slope
  kinks: () => [0],
  monotone: true,
});
