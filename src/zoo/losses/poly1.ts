import { add, expm1, logSoftmax, mul, neg } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, loss } from "./loss.ts";

/**
 * Cross-entropy with another first coefficient of its series in 1 - p.   L = -log p_y + ε (1 - p_y),   p = softmax(z)
 * Leng et al., 2022, arXiv:2204.12511, eq. 4.
 */
export const poly1 = loss({
  name: "poly1",
  title: "Poly-1",
  summary: "Cross-entropy with another first coefficient of its series in 1 - p.",
  formula: "-\\log p_y + \\varepsilon (1 - p_y)",
  reference: "Leng et al., 2022, arXiv:2204.12511, eq. 4",
  primary: "epsilon",
  params: { epsilon: number("ε: what the first coefficient differs by", { default: 1, min: -1 }) },
  perExample(logits, targets, { epsilon }) {
    const logP = logSoftmax(logits);
    return neg(atTarget(add(logP, mul(expm1(logP), epsilon)), targets));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { epsilon: 0 }, loss: { ce: {} } }],
  },
});
