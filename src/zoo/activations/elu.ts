import { elu as elu1, greater, mul, where } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { activation } from "./activation.ts";

/** x for x > 0, else α (exp(x) - 1). Clevert et al., 2016, arXiv:1511.07289, eq. 15. */
export const elu = activation({
  name: "elu",
  title: "ELU",
  summary: "Identity above 0, saturating exponential below.",
  formula: "x > 0:\\; x;\\quad \\alpha(e^x - 1)",
  reference: "Clevert et al., 2016, arXiv:1511.07289, eq. 15",
  primary: "alpha",
  params: { alpha: number("α: minus the limit at -∞", { default: 1, above: 0 }) },
  apply: (x, { alpha }) => (alpha === 1 ? elu1(x) : where(greater(x, 0), x, mul(elu1(x), alpha))),
  kinks: ({ alpha }) => (alpha === 1 ? [] : [0]),
  monotone: true,
});
