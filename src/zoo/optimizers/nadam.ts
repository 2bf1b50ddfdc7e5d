import { add, div, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { optimizer } from "./optimizer.ts";
import { average, decayed, decays, epsilon, learningRate, weightDecay } from "./parameters.ts";

/** μ_t = β₁ (1 - ½ 0.96^{tψ}): the momentum of a step rises from half of β₁ to β₁. */
const momentum = (beta1: number, decay: number, t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * decay));

/** Π μ_1 … μ_t. It is subtracted from 1: what cannot be seen there need not be exact, and late steps cost no more than early ones. */
function momentumProduct(beta1: number, decay: number, t: number): number {
  let product = 1;
  for (let k = 1; k <= t && product > 1e-20; k++) product *= momentum(beta1, decay, k);
  return product;
}

/**
 * Adam with Nesterov's look-ahead: the next step's momentum on the mean, beside the gradient itself.
 * θ = θ - η ((1 - μ_t) g / (1 - Π_{i≤t} μ_i) + μ_{t+1} m / (1 - Π_{i≤t+1} μ_i)) / (√v̂ + ε),   m and v as in Adam.
 * Dozat, 2016, Incorporating Nesterov momentum into Adam, algorithm 2. PyTorch before 2.0 has one μ_t too many in the second product.
 */
export const nadam = optimizer({
  name: "nadam",
  title: "NAdam",
  summary: "Adam with Nesterov's look-ahead.",
  formula:
    "\\theta \\leftarrow \\theta - \\eta \\left( \\frac{(1-\\mu_t) g}{1 - \\prod_{i \\le t} \\mu_i} + \\frac{\\mu_{t+1} m}{1 - \\prod_{i \\le t+1} \\mu_i} \\right) / (\\sqrt{\\hat v} + \\varepsilon)",
  reference: "Dozat, 2016, Incorporating Nesterov momentum into Adam, algorithm 2",
  primary: "learningRate",
  params: {
    learningRate: learningRate(0.002),
    ...decays,
    epsilon: epsilon(1e-8),
    momentumDecay: number("ψ: how fast the momentum rises to β₁", { default: 0.004, min: 0 }),
    lookAhead: choice("the product of momentums to the next step: as published, or as PyTorch before 2.0 has it", [
      "published",
      "pytorch1",
    ]),
    weightDecay,
  },
  slots: () => ["mean", "square"],
  factors({ beta1, beta2, momentumDecay, lookAhead }, learningRate, t) {
    const [now, next] = [t, t + 1].map((k) => momentum(beta1, momentumDecay, k));
    const product = momentumProduct(beta1, momentumDecay, t);
    const ahead = product * next * (lookAhead === "published" ? 1 : now);
    return {
      gradientStep: (learningRate * (1 - now)) / (1 - product),
      meanStep: (learningRate * next) / (1 - ahead),
      rootScale: 1 / Math.sqrt(1 - beta2 ** t),
    };
  },
  update({ parameter, slots }, gradient, { beta1, beta2, epsilon, weightDecay }, factors) {
    const g = decayed(gradient, parameter, weightDecay);
    const mean = average(slots.mean, g, beta1);
    const squared = average(slots.square, square(g), beta2);
    const step = add(mul(g, factors.gradientStep), mul(mean, factors.meanStep));
    const divisor = add(mul(sqrt(squared), factors.rootScale), epsilon);
    return { parameter: sub(parameter, div(step, divisor)), slots: { mean, square: squared } };
  },
});
