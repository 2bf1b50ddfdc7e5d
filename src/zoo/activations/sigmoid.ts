import { sigmoid as logistic } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** 1 / (1 + exp(-x)) */
export const sigmoid = activation({
  name: "sigmoid",
  title: "Sigmoid",
  summary: "Logistic function.",
  formula: "1 / (1 + e^{-x})",
  params: {},
  apply: (x) => logistic(x),
  monotone: true,
});
