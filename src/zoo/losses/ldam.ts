import { logSoftmax, mul, neg, sub } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { seenCounts } from "./classCounts.ts";
import { atTarget, classRow, loss } from "./loss.ts";

/**
 * Label-distribution-aware margins: the rarer the target's class, the further it must lead.   L = CE(s (z - m_y [k = y])),
 * m_k proportional to n_k^(-1/4). Cao et al., 2019, arXiv:1906.07413, eq. 13, on the logits as they are.
 */
export const ldam = loss({
  name: "ldam",
  title: "LDAM",
  summary: "Label-distribution-aware margins: the rarer the target's class, the further it must lead.",
  formula: "\\mathrm{CE}(s\\,(z - m_y [k=y])),\\; m_k \\propto n_k^{-1/4}",
  reference: "Cao et al., 2019, arXiv:1906.07413, eq. 13",
  params: {
    maxMargin: number("m: the margin of the rarest class", { default: 0.5, min: 0 }),
    scale: number("s: what the logits are multiplied by", { default: 30, above: 0 }),
  },
  perExample(logits, targets, { maxMargin, scale }, context) {
    const roots = seenCounts(context).map((n) => n ** -0.25);
    const margins = roots.map((root) => (maxMargin * root) / Math.max(...roots));
    const behind = sub(logits, mul(targets, classRow(margins)));
    return neg(atTarget(logSoftmax(mul(behind, scale)), targets));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { maxMargin: 0, scale: 1 }, loss: { ce: {} } }],
  },
});
