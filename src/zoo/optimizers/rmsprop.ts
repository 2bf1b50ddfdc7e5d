import { add, div, maximum, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { flag, number } from "../entry.ts";
import { type OptimizerState, optimizer } from "./optimizer.ts";
import { average, beta, decayed, epsilon, learningRate, weightDecay } from "./parameters.ts";

/**
 * RMSprop: the gradient divided by the root of its running mean square.
 * v = α v + (1 - α) g²,   d = √v + ε (centered: √(v - ḡ²) + ε),   θ = θ - η g / d, with momentum b = μ b + g / d.
 * Tieleman and Hinton, 2012, lecture 6.5; centered: Graves, 2013, arXiv:1308.0850, eq. 40.
 */
export const rmsprop = optimizer({
  name: "rmsprop",
  title: "RMSprop",
  summary: "The gradient divided by the root of its running mean square.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, g / (\\sqrt{v} + \\varepsilon)",
  reference: "Tieleman and Hinton, 2012, lecture 6.5",
  primary: "learningRate",
  params: {
    learningRate: learningRate(0.01),
    alpha: beta("α: decay of the mean squared gradient", 0.99),
    epsilon: epsilon(1e-8),
    momentum: number("μ: momentum", { default: 0, min: 0, below: 1 }),
    centered: flag("divide by the standard deviation instead of the root mean square"),
    weightDecay,
  },
  slots: ({ momentum, centered }) => ["square", ...(centered ? ["mean"] : []), ...(momentum === 0 ? [] : ["momentum"])],
  factors: (_, learningRate) => ({ learningRate }),
  update({ parameter, slots }, gradient, { alpha, epsilon, momentum, centered, weightDecay }, factors): OptimizerState {
    const g = decayed(gradient, parameter, weightDecay);
    const squared = average(slots.square, square(g), alpha);
    const mean = centered ? average(slots.mean, g, alpha) : undefined;
    // v - ḡ² is a variance, but float32 may round it below 0.
    const variance = mean ? maximum(sub(squared, square(mean)), 0) : squared;
    const scaled = div(g, add(sqrt(variance), epsilon));
    const direction = momentum === 0 ? scaled : add(mul(slots.momentum, momentum), scaled);
    return {
      parameter: sub(parameter, mul(direction, factors.learningRate)),
      slots: { square: squared, ...(mean && { mean }), ...(momentum !== 0 && { momentum: direction }) },
    };
  },
});
