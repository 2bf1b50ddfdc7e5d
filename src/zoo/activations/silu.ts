import { mul, sigmoid } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** x · sigmoid(x), also called swish. Elfwing et al., 2018, arXiv:1702.03118, eq. 5. */
export const silu = activation({
  name: "silu",
  title: "SiLU",
  summary: "x weighted by its sigmoid (swish).",
  formula: "x\\,\\sigma(x)",
  reference: "Elfwing et al., 2018, arXiv:1702.03118, eq. 5",
  params: {},
  apply: (x) => mul(x, sigmoid(x)),
});
