import { clip } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { activation } from "./activation.ts";

/** x held between two limits. Collobert, 2004. */
export const hardtanh = activation({
  name: "hardtanh",
  title: "HardTanh",
  summary: "Identity between two limits.",
  formula: "\\mathrm{clip}(x, l, h)",
  reference: "Collobert, 2004",
  params: {
    low: number("lower limit", { default: -1, max: 0 }),
    high: number("upper limit", { default: 1, above: 0 }),
  },
  apply: (x, { low, high }) => clip(x, low, high),
  kinks: ({ low, high }) => [low, high],
  monotone: true,
});
