import { add, div, type Expr, maximum, mul, sqrt, square, sub } from "../../tensor/index.ts";
import { flag, number } from "../entry.ts";
import { type OptimizerState, optimizer } from "./optimizer.ts";
import { average, decayed, decays, epsilon, learningRate, weightDecay } from "./parameters.ts";

const shared = {
  learningRate: learningRate(0.001),
  ...decays,
  epsilon: epsilon(1e-8),
  amsgrad: flag("divide by the largest mean square so far (Reddi et al., 2018)"),
};

interface Moments {
  beta1: number;
  beta2: number;
  epsilon: number;
  amsgrad: boolean;
}

const factors = ({ beta1, beta2 }: Moments, learningRate: number, t: number) => ({
  stepSize: learningRate / (1 - beta1 ** t),
  rootScale: 1 / Math.sqrt(1 - beta2 ** t),
});

const slots = ({ amsgrad }: Moments): string[] => ["mean", "square", ...(amsgrad ? ["largest"] : [])];

/** One step of Adam with the given gradient, which may or may not contain weight decay. */
function step(
  { parameter, slots }: OptimizerState,
  gradient: Expr,
  params: Moments,
  { stepSize, rootScale }: Record<"stepSize" | "rootScale", Expr>,
): OptimizerState {
  const mean = average(slots.mean, gradient, params.beta1);
  const squared = average(slots.square, square(gradient), params.beta2);
  const largest = params.amsgrad ? maximum(slots.largest, squared) : squared;
  const divisor = add(mul(sqrt(largest), rootScale), params.epsilon);
  return {
    parameter: sub(parameter, div(mul(mean, stepSize), divisor)),
    slots: { mean, square: squared, ...(params.amsgrad && { largest }) },
  };
}

/**
 * Adam: steps of about the learning rate's size in every coordinate.
 * m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²,   θ = θ - η m̂ / (√v̂ + ε). Kingma and Ba, 2015, arXiv:1412.6980, algorithm 1.
 */
export const adam = optimizer({
  name: "adam",
  title: "Adam",
  summary: "Adaptive moments: steps of about the learning rate's size in every coordinate.",
  formula: "\\theta \\leftarrow \\theta - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)",
  reference: "Kingma and Ba, 2015, arXiv:1412.6980, algorithm 1",
  primary: "learningRate",
  params: { ...shared, weightDecay },
  slots,
  factors,
  update: (state, gradient, params, factors) =>
    step(state, decayed(gradient, state.parameter, params.weightDecay), params, factors),
});

/** Adam with weight decay apart from the gradient: θ shrinks by 1 - ηλ first. Loshchilov and Hutter, 2019, arXiv:1711.05101. */
export const adamw = optimizer({
  name: "adamw",
  title: "AdamW",
  summary: "Adam with weight decay apart from the gradient.",
  formula: "\\theta \\leftarrow (1-\\eta\\lambda)\\theta - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)",
  reference: "Loshchilov and Hutter, 2019, arXiv:1711.05101, algorithm 2",
  primary: "learningRate",
  params: { ...shared, weightDecay: number("decoupled weight decay, on all parameters", { default: 0.01, min: 0 }) },
  slots,
  factors: (params, learningRate, t) => ({
    ...factors(params, learningRate, t),
    shrink: 1 - learningRate * params.weightDecay,
  }),
  update: ({ parameter, slots }, gradient, params, factors) =>
    step({ parameter: mul(parameter, factors.shrink), slots }, gradient, params, factors),
});
