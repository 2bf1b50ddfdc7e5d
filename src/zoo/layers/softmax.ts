import { logSoftmax as logProbabilities, softmax as probabilities, type Shape } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { layer } from "./layer.ts";

function flat(name: string, input: Shape): Shape {
  if (input.length === 1) return input;
  throw new UserError(`${name} needs flat inputs, got [${input.join(",")}]; put flatten before it`);
}

/**
 * Positive numbers with sum 1.   y_i = exp(x_i) / Σ_j exp(x_j). Bridle, 1990.
 * Not for the end of a network: the losses begin with a softmax of their own.
 */
export const softmax = layer({
  name: "softmax",
  title: "softmax",
  summary: "Positive numbers with sum 1; losses have one of their own.",
  formula: "y_i = e^{x_i} / \\textstyle\\sum_j e^{x_j}",
  reference: "Bridle, 1990, Training stochastic model recognition algorithms as networks",
  params: {},
  build: (input) => ({ output: flat("softmax", input), apply: probabilities }),
});

/** The logarithm of the softmax, without loss of digits.   y_i = x_i - log Σ_j exp(x_j) */
export const logSoftmax = layer({
  name: "logSoftmax",
  title: "logSoftmax",
  summary: "The logarithm of the softmax; at the end of a network it changes no loss of probabilities.",
  formula: "y_i = x_i - \\log \\textstyle\\sum_j e^{x_j}",
  params: {},
  build: (input) => ({ output: flat("logSoftmax", input), apply: logProbabilities }),
});
