import { clipping } from "./clipping.ts";

/** Gradients as they are. */
export const none = clipping({
  name: "none",
  title: "no clipping",
  summary: "Gradients as they are.",
  params: {},
  apply: (gradients) => gradients,
});
