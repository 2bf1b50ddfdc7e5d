import { add, type Expr, mul, sub } from "../../tensor/index.ts";
import { flag, number } from "../entry.ts";
import { type OptimizerState, optimizer } from "./optimizer.ts";
import { decayed, learningRate, weightDecay } from "./parameters.ts";

/**
 * Stochastic gradient descent with momentum.   g' = g + λθ,   b = μ b + (1 - τ) g',   θ = θ - η b
 * Nesterov: θ = θ - η (g' + μ b). The first step has b = g', as in PyTorch. Polyak, 1964; Sutskever et al., 2013.
 */
export const sgd = optimizer({
  name: "sgd",
  title: "SGD",
  summary: "Stochastic gradient descent, with momentum, Nesterov's variant and weight decay.",
  formula: "b = \\mu b + (1-\\tau)(g + \\lambda\\theta),\\; \\theta \\leftarrow \\theta - \\eta b",
  reference: "Polyak, 1964; Sutskever et al., 2013",
  primary: "learningRate",
  params: {
    learningRate: learningRate(0.01),
    momentum: number("μ: momentum", { default: 0, min: 0, below: 1 }),
    dampening: number("τ: dampening of the gradient in the momentum", { default: 0, min: 0, max: 1 }),
    nesterov: flag("Nesterov's momentum"),
    weightDecay,
  },
  slots: ({ momentum }) => (momentum === 0 ? [] : ["momentum"]),
  factors: ({ learningRate: base, dampening }, learningRate, t) => ({
    rate: learningRate / base,
    intake: t === 1 ? 1 : 1 - dampening,
  }),
  // The buffer holds η·b, so that with a constant learning rate nothing large remains to be scaled.
  update(
    { parameter, slots },
    gradient,
    { learningRate, momentum, dampening, nesterov, weightDecay },
    factors,
  ): OptimizerState {
    const step = mul(decayed(gradient, parameter, weightDecay), learningRate);
    const moved = (by: Expr): Expr => sub(parameter, mul(by, factors.rate));
    if (momentum === 0) return { parameter: moved(step), slots: {} };
    const buffer = add(mul(slots.momentum, momentum), dampening === 0 ? step : mul(step, factors.intake));
    return {
      parameter: moved(nesterov ? add(step, mul(buffer, momentum)) : buffer),
      slots: { momentum: buffer },
    };
  },
});
