import { layer } from "./layer.ts";

/** The trial's activation. */
export const activate = layer({
  name: "activation",
  title: "activation",
  summary: "The study's activation.",
  params: {},
  build: (input) => ({ output: input, activates: true, apply: (x, _, { activation }) => activation(x) }),
});
