import { abs, add, div, maximum, mul, sub } from "../../tensor/index.ts";
import { optimizer } from "./optimizer.ts";
import { average, decayed, decays, epsilon, learningRate, weightDecay } from "./parameters.ts";

/**
 * Adam with a decaying maximum of the gradient's size in place of its mean square.
 * m = β₁ m + (1 - β₁) g,   u = max(β₂ u, |g| + ε),   θ = θ - η / (1 - β₁ᵗ) · m / u. Kingma and Ba, 2015, arXiv:1412.6980, algorithm 2;
 * ε, as in PyTorch, keeps u from 0.
 */
export const adamax = optimizer({
  name: "adamax",
  title: "Adamax",
  summary: "Adam with a decaying maximum of the gradient's size in place of its mean square.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, \\hat m / u,\\; u = \\max(\\beta_2 u, |g| + \\varepsilon)",
  reference: "Kingma and Ba, 2015, arXiv:1412.6980, algorithm 2",
  primary: "learningRate",
  params: { learningRate: learningRate(0.002), ...decays, epsilon: epsilon(1e-8), weightDecay },
  slots: () => ["mean", "largest"],
  factors: ({ beta1 }, learningRate, t) => ({ stepSize: learningRate / (1 - beta1 ** t) }),
  update({ parameter, slots }, gradient, { beta1, beta2, epsilon, weightDecay }, { stepSize }) {
    const g = decayed(gradient, parameter, weightDecay);
    const mean = average(slots.mean, g, beta1);
    const largest = maximum(mul(slots.largest, beta2), add(abs(g), epsilon));
    return { parameter: sub(parameter, div(mul(mean, stepSize), largest)), slots: { mean, largest } };
  },
});
