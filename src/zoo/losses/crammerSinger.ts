import { add, mul, reduceMax, reshape, softmax, sub } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { atTargetColumn, loss } from "./loss.ts";

/**
 * Crammer and Singer's hinge: the strongest other class must stay Δ below the target.   L = max(0, Δ - s_y + max_{k≠y} s_k),
 * s = z or softmax(z), said as max_k (s_k + Δ [k ≠ y]) - s_y. Crammer and Singer, 2001, eq. 3.
 */
export const crammerSinger = loss({
  name: "crammerSinger",
  title: "Crammer-Singer hinge",
  summary: "Hinge of the strongest other class alone, which must stay Δ below the target.",
  formula: "\\max(0, \\Delta - s_y + \\max_{k \\ne y} s_k)",
  reference: "Crammer and Singer, 2001, eq. 3",
  primary: "delta",
  params: {
    delta: number("Δ: the margin", { default: 1, above: 0 }),
    on: choice("the scores s", ["logits", "probabilities"]),
  },
  perExample(logits, targets, { delta, on }) {
    const scores = on === "logits" ? logits : softmax(logits);
    const behind = sub(scores, atTargetColumn(scores, targets));
    return reshape(reduceMax(add(behind, mul(sub(1, targets), delta))), [logits.shape[0]]);
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
