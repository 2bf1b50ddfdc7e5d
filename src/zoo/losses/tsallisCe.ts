import { logSoftmax, neg } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, loss, temperedLog } from "./loss.ts";

/**
 * Cross-entropy with the logarithm of Tsallis' entropy of index a.   L = (1 - p_y^(a-1)) / (a - 1),   p = softmax(z)
 * Cross-entropy at a = 1, 1 - p_y at a = 2. Tsallis, 1988, eq. 1; as a likelihood: Ferrari and Yang, 2010, Annals of Statistics 38.
 */
export const tsallisCe = loss({
  name: "tsallisCe",
  title: "Tsallis CE",
  summary: "Cross-entropy with the logarithm of Tsallis' entropy.",
  formula: "(1 - p_y^{a-1}) / (a-1)",
  reference: "Tsallis, 1988, eq. 1; Ferrari and Yang, 2010, Annals of Statistics 38",
  primary: "index",
  params: { index: number("a: Tsallis' index; 1 is cross-entropy", { default: 1.5, min: 1 }) },
  perExample: (logits, targets, { index }) => neg(atTarget(temperedLog(logSoftmax(logits), 2 - index), targets)),
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [
      { at: { index: 1 }, loss: { ce: {} } },
      { at: { index: 1.7 }, loss: { generalizedCe: 0.7 } },
    ],
  },
});
