import { add, erf, mul, sigmoid, square } from "../../tensor/index.ts";
import { choice } from "../entry.ts";
import { activation } from "./activation.ts";

/** x · Φ(x), or its tanh approximation. Hendrycks and Gimpel, 2016, arXiv:1606.08415, § 2. */
export const gelu = activation({
  name: "gelu",
  title: "GELU",
  summary: "x weighted by the normal distribution function.",
  formula: "x\\,\\Phi(x)",
  reference: "Hendrycks and Gimpel, 2016, arXiv:1606.08415, § 2",
  primary: "approximate",
  params: { approximate: choice("Φ by erf, or by tanh", ["none", "tanh"]) },
  apply(x, { approximate }) {
    if (approximate === "none") return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
    const inner = mul(mul(x, add(mul(square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
    return mul(x, sigmoid(mul(inner, 2))); // (1 + tanh u) / 2 = sigmoid(2u), without a difference of near numbers
  },
});
