import { elu, mul } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { activation } from "./activation.ts";

/** x for x > 0, else α (exp(x / α) - 1): smooth for every α. Barron, 2017, arXiv:1704.07483, eq. 2. */
export const celu = activation({
  name: "celu",
  title: "CELU",
  summary: "ELU with a continuous derivative for every α.",
  formula: "x > 0:\\; x;\\quad \\alpha(e^{x/\\alpha} - 1)",
  reference: "Barron, 2017, arXiv:1704.07483, eq. 2",
  primary: "alpha",
  params: { alpha: number("α: minus the limit at -∞", { default: 1, above: 0 }) },
  apply: (x, { alpha }) => mul(elu(mul(x, 1 / alpha)), alpha),
  monotone: true,
});
