import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { add, concat, type Expr, mul, slice, sub } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { augmentation, drawnAt, type Targets } from "./augmentation.ts";

/**
 * Each example is mixed with the next of its mini-batch, and so is its loss.
 * x̃ = λ x + (1 - λ) x',   L = λ ℓ(z, y) + (1 - λ) ℓ(z, y'),   λ ~ Beta(α, α)
 * Zhang et al., 2018, arXiv:1710.09412, eq. 1; the loss as in the authors' code: for cross-entropy it is that of the mixed targets, and it
 * is there for every loss. Mini-batches are in random order, so the next example is a random one.
 */
export const mixup = augmentation({
  name: "mixup",
  title: "mixup",
  summary: "Each example is mixed with another of its mini-batch, and so is its loss.",
  formula: "\\tilde x = \\lambda x + (1 - \\lambda) x',\\; \\lambda \\sim \\mathrm{Beta}(\\alpha, \\alpha)",
  reference: "Zhang et al., 2018, arXiv:1710.09412, eq. 1",
  primary: "alpha",
  params: {
    alpha: number("α of the Beta distribution of λ: near 0 little is mixed, 1 is uniform", { default: 0.2, above: 0 }),
  },
  draws: ({ alpha }) => [(u) => betaQuantile(u, alpha)],
  apply({ x, targets }, drawn) {
    const own = drawnAt(drawn, 0, x.shape.length);
    const mixed = add(mul(x, own), mul(next(x), sub(1, own)));
    const share = drawnAt(drawn, 0, 1);
    const shared = ({ share: whole }: Targets, part: Expr): Expr => (whole ? mul(whole, part) : part);
    return {
      x: mixed,
      targets: [
        ...targets.map((t) => ({ wanted: t.wanted, share: shared(t, share) })),
        ...targets.map((t) => {
          const theirs = { wanted: next(t.wanted), ...(t.share && { share: next(t.share) }) };
          return { wanted: theirs.wanted, share: shared(theirs, sub(1, share)) };
        }),
      ],
    };
  },
});

/** The next example for each, the first for the last. */
function next(x: Expr): Expr {
  const count = x.shape[0];
  return count === 1 ? x : concat([slice(x, 0, 1, count), slice(x, 0, 0, 1)], 0);
}

/** Quantile of Beta(α, α): with T of Student's t distribution of 2α degrees of freedom, (1 + T / √(2α + T²)) / 2 has it. */
export function betaQuantile(p: number, alpha: number): number {
  const t = tQuantile(p, 2 * alpha);
  const sine = Number.isFinite(t) ? t / Math.hypot(Math.sqrt(2 * alpha), t) : Math.sign(t);
  return (1 + sine) / 2;
}
