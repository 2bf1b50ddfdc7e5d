import { add, div, greater, logSoftmax, mul, neg, sqrt, square, sub, sum, where } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { atTarget, atTargetColumn, loss } from "./loss.ts";

/**
 * Keeps the cosines of a logit vector of zeros, and their slopes, finite. Cosines do not know a vector's length, so the gradient grows as
 * 1 / ‖z‖ towards 0, where it is s / 10⁻⁶ here; with the code of logit normalization (‖z‖ + 10⁻⁷) it is s / 10⁻⁷.
 */
const TINY = 1e-12;

/**
 * Softmax of cosines, of which the target's must win by a margin.   L = CE(s c'),   c_k = z_k / ‖z‖
 *   cosine: c'_y = c_y - m (CosFace: Wang et al., 2018, arXiv:1801.09414, eq. 4)
 *   angle: c'_y = cos(θ_y + m), θ = arccos c (ArcFace: Deng et al., 2019, arXiv:1801.07698, eq. 3)
 * The cosines are those between the logits and the classes' axes, as in logit normalization (Wei et al., 2022, arXiv:2205.09310), which
 * is m = 0; for the papers' own, the model's last layer would have to normalize its weights. Where θ_y + m would exceed π the angle's
 * cosine goes on as c_y - m sin m, as in ArcFace's code.
 */
export const marginSoftmax = loss({
  name: "marginSoftmax",
  title: "margin softmax",
  summary: "Softmax of the normalized logits (cosines), of which the target's must win by a margin in cosine or angle.",
  formula:
    "\\mathrm{CE}(s\\,\\tilde c),\\; c_k = z_k/\\|z\\|,\\; \\tilde c_y = c_y - m \\text{ or } \\cos(\\theta_y + m)",
  reference: "Wang et al., 2018, arXiv:1801.09414, eq. 4; Deng et al., 2019, arXiv:1801.07698, eq. 3",
  primary: "margin",
  params: {
    margin: number("m: the margin", { default: 0.35, min: 0, max: 1.5 }),
    scale: number("s: what the cosines are multiplied by", { default: 30, above: 0 }),
    on: choice("what the margin is subtracted from, or added to", ["cosine", "angle"]),
  },
  perExample(logits, targets, { margin, scale, on }) {
    const squares = square(logits);
    const norm = sqrt(add(sum(squares, [-1], true), TINY));
    const cosines = div(logits, norm);
    const own = atTargetColumn(cosines, targets);
    const sine = div(sqrt(add(sum(mul(squares, sub(1, targets)), [-1], true), TINY)), norm);
    const turned = sub(mul(own, Math.cos(margin)), mul(sine, Math.sin(margin)));
    const beyond = sub(own, margin * Math.sin(margin));
    const pushed = on === "cosine" ? sub(own, margin) : where(greater(own, -Math.cos(margin)), turned, beyond);
    const scores = mul(add(cosines, mul(targets, sub(pushed, own))), scale);
    return neg(atTarget(logSoftmax(scores), targets));
  },
  laws: ({ on }) => ({
    nonNegative: true,
    distributions: on === "cosine",
    mayRise: "a longer target logit shortens the negative cosines of other classes",
  }),
});
