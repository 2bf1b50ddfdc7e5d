import { add, div, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { optimizer } from "./optimizer.ts";
import { average, decayed, decays, epsilon, learningRate, weightDecay } from "./parameters.ts";

/**
 * What multiplies the adaptive step so that its variance is that of late steps, or undefined while the mean square rests on too few
 * gradients (ρ_t ≤ 5) for that variance to exist.
 */
function rectification(beta2: number, t: number): number | undefined {
  const largest = 2 / (1 - beta2) - 1;
  const length = largest - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= 5) return undefined;
  return Math.sqrt(((length - 4) * (length - 2) * largest) / ((largest - 4) * (largest - 2) * length));
}

/**
 * Adam with rectified variance: plain momentum at first, then Adam with steps that grow to full size.
 * ρ_t > 5: θ = θ - η r_t m̂ √(1 - β₂ᵗ) / (√v + ε), else θ = θ - η m̂,   with
 * ρ_∞ = 2/(1 - β₂) - 1,   ρ_t = ρ_∞ - 2t β₂ᵗ / (1 - β₂ᵗ),   r_t² = (ρ_t - 4)(ρ_t - 2) ρ_∞ / ((ρ_∞ - 4)(ρ_∞ - 2) ρ_t).
 * Liu et al., 2020, arXiv:1908.03265, algorithm 2; the bound 5 in place of 4 is PyTorch's and the authors' code's.
 */
export const radam = optimizer({
  name: "radam",
  title: "RAdam",
  summary: "Adam with rectified variance: plain momentum at first, then steps that grow to full size.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, r_t\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)",
  reference: "Liu et al., 2020, arXiv:1908.03265, algorithm 2",
  primary: "learningRate",
  params: { learningRate: learningRate(0.001), ...decays, epsilon: epsilon(1e-8), weightDecay },
  slots: () => ["mean", "square"],
  factors({ beta1, beta2 }, learningRate, t) {
    const stepSize = learningRate / (1 - beta1 ** t);
    const r = rectification(beta2, t);
    return r === undefined
      ? { stepSize, adaptive: 0, plain: 1 }
      : { stepSize: stepSize * r * Math.sqrt(1 - beta2 ** t), adaptive: 1, plain: 0 };
  },
  update({ parameter, slots }, gradient, { beta1, beta2, epsilon, weightDecay }, { stepSize, adaptive, plain }) {
    const g = decayed(gradient, parameter, weightDecay);
    const mean = average(slots.mean, g, beta1);
    const squared = average(slots.square, square(g), beta2);
    // √v + ε or 1: a graph has no steps of its own to switch at.
    const divisor = add(mul(add(sqrt(squared), epsilon), adaptive), plain);
    return { parameter: sub(parameter, div(mul(mean, stepSize), divisor)), slots: { mean, square: squared } };
  },
});
