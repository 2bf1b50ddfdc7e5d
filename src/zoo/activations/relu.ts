import { relu as positive } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** max(0, x). Nair and Hinton, 2010. */
export const relu = activation({
  name: "relu",
  title: "ReLU",
  summary: "Positive part.",
  formula: "\\max(0, x)",
  reference: "Nair and Hinton, 2010",
  params: {},
  apply: (x) => positive(x),
  kinks: () => [0],
  monotone: true,
});
