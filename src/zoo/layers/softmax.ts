import { logSoftmax as logProbabilities, softmax as probabilities } from "../../tensor/index.ts";
import { layer } from "./layer.ts";
import { flat } from "./shapes.ts";

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
  build: (input) => ({ output: flat(input), apply: probabilities }),
});

/** The logarithm of the softmax, without loss of digits.   y_i = x_i - log Σ_j exp(x_j) */
export const logSoftmax = layer({
  name: "logSoftmax",
  title: "logSoftmax",
  summary: "The logarithm of the softmax; at the end of a network it changes no loss of probabilities.",
  formula: "y_i = x_i - \\log \\textstyle\\sum_j e^{x_j}",
  params: {},
  build: (input) => ({ output: flat(input), apply: logProbabilities }),
});
