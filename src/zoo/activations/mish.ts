import { mul, softplus, tanh } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** x · tanh(softplus(x)). Misra, 2019, arXiv:1908.08681, eq. 1. */
export const mish = activation({
  name: "mish",
  title: "Mish",
  summary: "x weighted by the tanh of its softplus.",
  formula: "x\\,\\tanh(\\log(1 + e^x))",
  reference: "Misra, 2019, arXiv:1908.08681, eq. 1",
  params: {},
  apply: (x) => mul(x, tanh(softplus(x))),
});
