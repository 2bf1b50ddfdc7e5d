import { add, mul } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { ce } from "./ce.ts";
import { loss, termsOf } from "./loss.ts";
import { reverseCe } from "./reverseCe.ts";

/**
 * Symmetric cross-entropy: cross-entropy and its reverse.   L = α CE + β RCE
 * Wang et al., 2019, arXiv:1908.06112, eq. 6 and 7.
 */
export const symmetricCe = loss({
  name: "symmetricCe",
  title: "SCE",
  summary: "Symmetric cross-entropy: a weighted sum of cross-entropy and its reverse.",
  formula: "\\alpha\\,\\mathrm{CE} + \\beta\\,\\mathrm{RCE}",
  reference: "Wang et al., 2019, arXiv:1908.06112, eq. 7",
  params: {
    alpha: number("α: weight of cross-entropy", { default: 0.1, min: 0 }),
    beta: number("β: weight of reverse cross-entropy", { default: 1, min: 0 }),
    logZero: reverseCe.params.logZero,
  },
  perExample(logits, targets, { alpha, beta, logZero }, context) {
    const forward = termsOf(ce.perExample(logits, targets, { labelSmoothing: 0, weights: "none" }, context)).perExample;
    const backward = termsOf(reverseCe.perExample(logits, targets, { logZero }, context)).perExample;
    return add(mul(forward, alpha), mul(backward, beta));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [
      { at: { alpha: 1, beta: 0 }, loss: { ce: {} } },
      {
        at: { alpha: 2, beta: 3 },
        loss: {
          sum: [
            { weight: 2, loss: "ce" },
            { weight: 3, loss: "reverseCe" },
          ],
        },
      },
    ],
  },
});
