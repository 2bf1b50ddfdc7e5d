import { add, div, type Expr, minimum, mul, sqrt, square, sum } from "../../tensor/index.ts";
import { requiredNumber } from "../entry.ts";
import { clipping } from "./clipping.ts";

/**
 * A gradient that is too long keeps its direction and is shortened: one factor for all parameters of the trial.
 * g = g · min(1, c / (‖g‖ + 10⁻⁶)),   ‖g‖ over all parameters. Pascanu et al., 2013, arXiv:1211.5063, algorithm 1; 10⁻⁶ as in PyTorch.
 */
export const norm = clipping({
  name: "norm",
  title: "clip norm",
  summary: "A gradient that is too long is shortened, over all parameters at once.",
  formula: "g \\leftarrow g \\cdot \\min(1, c / (\\lVert g \\rVert + 10^{-6}))",
  reference: "Pascanu et al., 2013, arXiv:1211.5063, algorithm 1",
  primary: "max",
  params: { max: requiredNumber("c: largest Euclidean norm of the whole gradient", { above: 0 }) },
  apply(gradients, { max }) {
    const squares = Object.values(gradients).map((g) => sum(square(g)));
    const length = sqrt(squares.reduce((a: Expr, b) => add(a, b)));
    const factor = minimum(1, div(max, add(length, 1e-6)));
    return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, mul(g, factor)]));
  },
});
