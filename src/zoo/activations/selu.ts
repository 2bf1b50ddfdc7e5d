import { elu, greater, mul, where } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/** λ x for x > 0, else λ α (exp(x) - 1). Klambauer et al., 2017, arXiv:1706.02515, eq. 2 and 14. */
export const selu = activation({
  name: "selu",
  title: "SELU",
  summary: "Scaled ELU whose activations keep mean 0 and variance 1.",
  formula: "\\lambda x;\\quad \\lambda\\alpha(e^x - 1)",
  reference: "Klambauer et al., 2017, arXiv:1706.02515, eq. 2",
  params: {},
  apply: (x) => mul(where(greater(x, 0), x, mul(elu(x), ALPHA)), SCALE),
  kinks: () => [0],
  monotone: true,
});
