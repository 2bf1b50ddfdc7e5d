import { activation } from "./activation.ts";

/** x */
export const identity = activation({
  name: "identity",
  title: "identity",
  summary: "No activation: the network stays linear.",
  formula: "x",
  params: {},
  apply: (x) => x,
  monotone: true,
});
