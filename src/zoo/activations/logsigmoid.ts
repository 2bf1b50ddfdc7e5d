import { neg, softplus } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** log(1 / (1 + exp(-x))) */
export const logsigmoid = activation({
  name: "logsigmoid",
  title: "LogSigmoid",
  summary: "Logarithm of the sigmoid.",
  formula: "\\log \\sigma(x)",
  params: {},
  apply: (x) => neg(softplus(neg(x))),
  monotone: true,
});
