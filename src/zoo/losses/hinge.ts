import { add, mul, relu, softmax, sub, sum } from "../../tensor/index.ts";
import { choice, flag, number } from "../entry.ts";
import { atTargetColumn, loss } from "./loss.ts";

/**
 * Multi-class hinge: every other class must stay Δ below the target.   L = Σ_{k≠y} max(0, Δ - s_y + s_k),   s = z or softmax(z)
 * Weston and Watkins, 1999, eq. 7; squared: each term squared. With `classes: mean` divided by C, as torch.nn.MultiMarginLoss does.
 */
export const hinge = loss({
  name: "hinge",
  title: "hinge",
  summary: "Multi-class hinge: every other class must stay Δ below the target.",
  formula: "\\sum_{k \\ne y} \\max(0, \\Delta - s_y + s_k)",
  reference: "Weston and Watkins, 1999, eq. 7",
  primary: "delta",
  params: {
    delta: number("Δ: the margin", { default: 1, above: 0 }),
    on: choice("the scores s", ["logits", "probabilities"]),
    squared: flag("square each term"),
    classes: choice("how the terms of the C classes are combined", ["sum", "mean"]),
  },
  perExample(logits, targets, { delta, on, squared, classes }, context) {
    const scores = on === "logits" ? logits : softmax(logits);
    const violations = relu(add(sub(scores, atTargetColumn(scores, targets)), delta));
    const terms = mul(squared ? mul(violations, violations) : violations, sub(1, targets));
    const total = sum(terms, [-1]);
    return classes === "mean" ? mul(total, 1 / context.classes) : total;
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true },
});
