import { clip } from "../../tensor/index.ts";
import { requiredNumber } from "../entry.ts";
import { clipping } from "./clipping.ts";

/** Each number of the gradient is held between -c and c; the direction may change.   g_i = max(-c, min(c, g_i)) */
export const value = clipping({
  name: "value",
  title: "clip value",
  summary: "Each number of the gradient is held between -c and c.",
  formula: "g_i \\leftarrow \\max(-c, \\min(c, g_i))",
  primary: "max",
  params: { max: requiredNumber("c: largest size of each number", { above: 0 }) },
  apply: (gradients, { max }) =>
    Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, clip(g, -max, max)])),
});
