import {
  add,
  exp,
  expm1,
  greater,
  logSoftmax,
  maximum,
  mul,
  neg,
  pow,
  reduceMax,
  reshape,
  where,
} from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, atTargetColumn, loss } from "./loss.ts";

/**
 * Dual focal loss: the gap to the next class below the target counts beside the target's own probability.
 *   L = -(1 - p_y + p_j)^γ log p_y,   p_j = max {p_k : p_k < p_y}, 0 if there is none,   p = softmax(z)
 * Tao et al., 2023, arXiv:2305.13665, eq. 6.
 */
export const dualFocal = loss({
  name: "dualFocal",
  title: "dual focal",
  summary: "Focal loss with the gap to the next class below the target, for calibrated probabilities.",
  formula: "-(1 - p_y + p_j)^\\gamma \\log p_y,\\; p_j = \\max\\{p_k : p_k < p_y\\}",
  reference: "Tao et al., 2023, arXiv:2305.13665, eq. 6",
  primary: "gamma",
  params: { gamma: number("γ: how strongly clear decisions are weighted down", { default: 5, min: 0 }) },
  perExample(logits, targets, { gamma }) {
    const logP = logSoftmax(logits);
    const isBelow = greater(atTargetColumn(logits, targets), logits);
    const next = reshape(reduceMax(where(isBelow, exp(logP), 0)), [logits.shape[0]]);
    const own = atTarget(logP, targets);
    const lacking = neg(expm1(own)); // 1 - p_y
    // At 0 a power below 1 has no slope; by then the logarithm has none left either.
    return neg(mul(pow(maximum(add(lacking, next), 1e-20), gamma), own));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    mayRise: "where the target overtakes another class, p_j jumps up to that class's probability",
    equals: [{ at: { gamma: 0 }, loss: { ce: {} } }],
  },
});
