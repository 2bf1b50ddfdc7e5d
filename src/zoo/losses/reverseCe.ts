import { greater, log, maximum, mul, neg, softmax, sum, where } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { loss } from "./loss.ts";

/**
 * Reverse cross-entropy: targets and probabilities change places.   L = -Σ_k p_k log t_k,   p = softmax(z),   log 0 := A
 * With one-hot targets -A (1 - p_y). Wang et al., 2019, arXiv:1908.06112, eq. 5.
 */
export const reverseCe = loss({
  name: "reverseCe",
  title: "RCE",
  summary: "Reverse cross-entropy: targets and probabilities change places, with a number A for log 0.",
  formula: "-\\sum_k p_k \\log t_k,\\; \\log 0 := A",
  reference: "Wang et al., 2019, arXiv:1908.06112, eq. 5",
  primary: "logZero",
  params: { logZero: number("A: what stands for log 0", { default: -4, below: 0 }) },
  perExample(logits, targets, { logZero }) {
    const wanted = greater(targets, 0);
    const logT = where(wanted, maximum(log(where(wanted, targets, 1)), logZero), logZero);
    return neg(sum(mul(softmax(logits), logT), [-1]));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { logZero: -2 }, loss: { mae: { classes: "sum" } } }],
  },
});
