import { tanh as hyperbolic } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** tanh(x) */
export const tanh = activation({
  name: "tanh",
  title: "Tanh",
  summary: "Hyperbolic tangent.",
  formula: "\\tanh x",
  params: {},
  apply: (x) => hyperbolic(x),
  monotone: true,
});
