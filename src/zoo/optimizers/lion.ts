import { mul, sign, sub } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { optimizer } from "./optimizer.ts";
import { average, beta, learningRate } from "./parameters.ts";

/**
 * Lion: the sign of a mean gradient; every coordinate moves by the learning rate.
 * θ = (1 - ηλ) θ - η sign(β₁ m + (1 - β₁) g),   then m = β₂ m + (1 - β₂) g. Chen et al., 2023, arXiv:2302.06675, algorithm 2.
 */
export const lion = optimizer({
  name: "lion",
  title: "Lion",
  summary: "The sign of a mean gradient: every coordinate moves by the learning rate.",
  formula: "\\theta \\leftarrow (1-\\eta\\lambda)\\theta - \\eta\\, \\mathrm{sign}(\\beta_1 m + (1-\\beta_1) g)",
  reference: "Chen et al., 2023, arXiv:2302.06675, algorithm 2",
  primary: "learningRate",
  params: {
    learningRate: learningRate(1e-4),
    beta1: beta("β₁: weight of the mean against the gradient in a step", 0.9),
    beta2: beta("β₂: decay of the mean gradient", 0.99),
    weightDecay: number("decoupled weight decay, on all parameters", { default: 0, min: 0 }),
  },
  slots: () => ["mean"],
  factors: ({ weightDecay }, learningRate) => ({ learningRate, shrink: 1 - learningRate * weightDecay }),
  update({ parameter, slots }, gradient, { beta1, beta2 }, { learningRate, shrink }) {
    const direction = sign(average(slots.mean, gradient, beta1));
    return {
      parameter: sub(mul(parameter, shrink), mul(direction, learningRate)),
      slots: { mean: average(slots.mean, gradient, beta2) },
    };
  },
});
