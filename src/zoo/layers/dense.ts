import { add, matmul } from "../../tensor/index.ts";
import { flag, requiredNumber } from "../entry.ts";
import { layer, type ParameterShape } from "./layer.ts";
import { flat } from "./shapes.ts";

/** Every output a weighted sum of all inputs.   y = x Wᵀ + b,   x [N, D], W [units, D], b [units] */
export const dense = layer({
  name: "dense",
  title: "dense",
  summary: "Every output a weighted sum of all inputs.",
  formula: "y = xW^T + b",
  primary: "units",
  params: { units: requiredNumber("number of outputs", { min: 1, integer: true }), bias: flag("add a bias", true) },
  build(input, { units, bias }) {
    const [size] = flat(input);
    const fans = { fanIn: size, fanOut: units };
    const parameters: Record<string, ParameterShape> = {
      weight: { shape: [units, size], role: "weight", ...fans },
    };
    if (bias) parameters.bias = { shape: [units], role: "bias", ...fans };
    return {
      output: [units],
      parameters,
      apply(x, { weight, bias }) {
        const y = matmul(x, weight, { transB: true });
        return bias ? add(y, bias) : y;
      },
    };
  },
});
