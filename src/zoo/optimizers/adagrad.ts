import { add, div, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { optimizer } from "./optimizer.ts";
import { decayed, epsilon, learningRate, weightDecay } from "./parameters.ts";

/**
 * AdaGrad: the gradient divided by the root of all its squares so far, so that rarely moved coordinates take larger steps.
 * s = s + g²,   θ = θ - η_t g / (√s + ε),   η_t = η / (1 + (t - 1) κ). Duchi, Hazan and Singer, 2011, JMLR 12, fig. 1 (diagonal).
 */
export const adagrad = optimizer({
  name: "adagrad",
  title: "AdaGrad",
  summary: "The gradient divided by the root of the sum of all its squares so far.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, g / (\\sqrt{\\textstyle\\sum g^2} + \\varepsilon)",
  reference: "Duchi, Hazan and Singer, 2011, JMLR 12, fig. 1",
  primary: "learningRate",
  params: {
    learningRate: learningRate(0.01),
    learningRateDecay: number("κ: the learning rate is divided by 1 + (t-1)κ", { default: 0, min: 0 }),
    initialSum: number("what the sum of squares begins with", { default: 0, min: 0 }),
    epsilon: epsilon(1e-10),
    weightDecay,
  },
  slots: () => ["sum"],
  factors: ({ learningRateDecay }, learningRate, t) => ({
    learningRate: learningRate / (1 + (t - 1) * learningRateDecay),
  }),
  update({ parameter, slots }, gradient, { initialSum, epsilon, weightDecay }, factors) {
    const g = decayed(gradient, parameter, weightDecay);
    // Slots begin with zeros: what the sum begins with is added where it is used.
    const sum = add(slots.sum, square(g));
    const divisor = add(sqrt(add(sum, initialSum)), epsilon);
    return { parameter: sub(parameter, div(mul(g, factors.learningRate), divisor)), slots: { sum } };
  },
});
