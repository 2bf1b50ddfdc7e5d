import { add, clip, mul } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** x · min(max(x + 3, 0), 6) / 6. Howard et al., 2019, arXiv:1905.02244, § 5.2. */
export const hardswish = activation({
  name: "hardswish",
  title: "HardSwish",
  summary: "Swish with its sigmoid replaced by straight lines.",
  formula: "x \\cdot \\mathrm{clip}(x/6 + 1/2,\\, 0,\\, 1)",
  reference: "Howard et al., 2019, arXiv:1905.02244, § 5.2",
  params: {},
  apply: (x) => mul(x, clip(add(mul(x, 1 / 6), 0.5), 0, 1)),
  kinks: () => [-3, 3],
});
