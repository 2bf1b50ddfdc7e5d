import { abs, add, div } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** x / (1 + |x|). Turian et al., 2009. */
export const softsign = activation({
  name: "softsign",
  title: "Softsign",
  summary: "A sigmoid that saturates slowly.",
  formula: "x / (1 + |x|)",
  reference: "Turian et al., 2009",
  params: {},
  apply: (x) => div(x, add(abs(x), 1)),
  monotone: true,
});
