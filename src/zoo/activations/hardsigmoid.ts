import { add, clip, mul } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** min(max(x + 3, 0), 6) / 6. Howard et al., 2019, arXiv:1905.02244, § 5.2. */
export const hardsigmoid = activation({
  name: "hardsigmoid",
  title: "HardSigmoid",
  summary: "Sigmoid made of straight lines.",
  formula: "\\mathrm{clip}(x/6 + 1/2,\\, 0,\\, 1)",
  reference: "Howard et al., 2019, arXiv:1905.02244, § 5.2",
  params: {},
  apply: (x) => clip(add(mul(x, 1 / 6), 0.5), 0, 1),
  kinks: () => [-3, 3],
  monotone: true,
});
