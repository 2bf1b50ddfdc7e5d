import { add, div, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { optimizer } from "./optimizer.ts";
import { average, beta, decayed, epsilon, learningRate, weightDecay } from "./parameters.ts";

/**
 * Adadelta: steps as large as the root mean square of the steps before, by that of the gradients; its unit is the parameter's.
 * v = ρ v + (1 - ρ) g²,   δ = √(u + ε) / √(v + ε) · g,   u = ρ u + (1 - ρ) δ²,   θ = θ - η δ. Zeiler, 2012, arXiv:1212.5701, algorithm 1.
 */
export const adadelta = optimizer({
  name: "adadelta",
  title: "Adadelta",
  summary: "Steps as large as those before, by the root mean squares of steps and gradients.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, \\frac{\\sqrt{u + \\varepsilon}}{\\sqrt{v + \\varepsilon}}\\, g",
  reference: "Zeiler, 2012, arXiv:1212.5701, algorithm 1",
  primary: "learningRate",
  params: {
    learningRate: learningRate(1),
    rho: beta("ρ: decay of the mean squares", 0.9),
    epsilon: epsilon(1e-6),
    weightDecay,
  },
  slots: () => ["square", "step"],
  factors: (_, learningRate) => ({ learningRate }),
  update({ parameter, slots }, gradient, { rho, epsilon, weightDecay }, factors) {
    const g = decayed(gradient, parameter, weightDecay);
    const squared = average(slots.square, square(g), rho);
    const step = mul(div(sqrt(add(slots.step, epsilon)), sqrt(add(squared, epsilon))), g);
    return {
      parameter: sub(parameter, mul(step, factors.learningRate)),
      slots: { square: squared, step: average(slots.step, square(step), rho) },
    };
  },
});
