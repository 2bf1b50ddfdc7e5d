import { abs, type Expr, mul, softmax, sub, sum } from "../../tensor/index.ts";
import { choice } from "../entry.ts";
import { loss } from "./loss.ts";

const params = {
  on: choice("what is compared with the one-hot target", ["probabilities", "logits"]),
  classes: choice("how the terms of the C classes are combined", ["mean", "sum"]),
};

/** A sum or mean over the classes of a distance between outputs and targets: MAE and MSE differ in the distance alone. */
function distanceLoss(
  said: Record<"name" | "title" | "summary" | "formula" | "reference", string>,
  distance: (x: Expr) => Expr,
) {
  return loss({
    ...said,
    params,
    perExample(logits, targets, { on, classes }, context) {
      const outputs = on === "logits" ? logits : softmax(logits);
      const total = sum(distance(sub(outputs, targets)), [-1]);
      return classes === "sum" ? total : mul(total, 1 / context.classes);
    },
    laws: ({ on }) => ({
      nonNegative: true,
      shiftInvariant: on === "probabilities",
      vanishesWhenSure: true,
      distributions: true,
      ...(on === "logits" && { mayRise: "a logit beyond its target of 1 is as far off as one before it" }),
    }),
  });
}

/**
 * Mean absolute error.   L = (1/C) Σ_k |s_k - t_k|,   s = softmax(z) or z
 * On probabilities it is 2 (1 - p_y) / C: bounded, and flat where the model is surely wrong. Ghosh et al., 2017, arXiv:1712.09482.
 */
export const mae = distanceLoss(
  {
    name: "mae",
    title: "MAE",
    summary: "Mean absolute error to the one-hot target, on probabilities or raw outputs.",
    formula: "\\frac1C \\sum_k |s_k - t_k|",
    reference: "Ghosh et al., 2017, arXiv:1712.09482; on raw outputs: torch.nn.L1Loss",
  },
  abs,
);

/**
 * Mean squared error.   L = (1/C) Σ_k (s_k - t_k)²,   s = softmax(z) or z
 * On probabilities it is the Brier score over C. Brier, 1950, eq. 2.
 */
export const mse = distanceLoss(
  {
    name: "mse",
    title: "MSE",
    summary: "Mean squared error to the one-hot target, on probabilities or raw outputs.",
    formula: "\\frac1C \\sum_k (s_k - t_k)^2",
    reference: "Brier, 1950, eq. 2, over C; on raw outputs: torch.nn.MSELoss",
  },
  (x) => mul(x, x),
);
