import { logSoftmax, neg } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, loss, temperedLog } from "./loss.ts";

/**
 * Generalized cross-entropy: between cross-entropy (q → 0) and mean absolute error (q = 1), the less moved by wrong labels the
 * larger q.   L = (1 - p_y^q) / q,   p = softmax(z).   Zhang and Sabuncu, 2018, arXiv:1805.07836, eq. 6.
 */
export const generalizedCe = loss({
  name: "generalizedCe",
  title: "GCE",
  summary: "Generalized cross-entropy: between cross-entropy (q = 0) and mean absolute error (q = 1).",
  formula: "(1 - p_y^q) / q",
  reference: "Zhang and Sabuncu, 2018, arXiv:1805.07836, eq. 6",
  primary: "q",
  params: { q: number("q: 0 is cross-entropy, 1 is 1 - p", { default: 0.7, min: 0, max: 1 }) },
  perExample: (logits, targets, { q }) => neg(atTarget(temperedLog(logSoftmax(logits), 1 - q), targets)),
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [
      { at: { q: 0 }, loss: { ce: {} } },
      { at: { q: 1 }, loss: { sum: [{ weight: 0.5, loss: { mae: { classes: "sum" } } }] } },
    ],
  },
});
