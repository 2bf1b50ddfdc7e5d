import { mul, softplus as smooth } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { activation } from "./activation.ts";

/** log(1 + exp(β x)) / β. Dugas et al., 2000. */
export const softplus = activation({
  name: "softplus",
  title: "Softplus",
  summary: "Smooth positive part.",
  formula: "\\log(1 + e^{\\beta x}) / \\beta",
  reference: "Dugas et al., 2000",
  primary: "beta",
  params: { beta: number("β: sharpness of the bend", { default: 1, above: 0 }) },
  apply: (x, { beta }) => mul(smooth(mul(x, beta)), 1 / beta),
  monotone: true,
});
