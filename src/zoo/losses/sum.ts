import { add, type Expr, filled, mul } from "../../tensor/index.ts";
import { weightedWithin } from "../within.ts";
import { bracketed, type Loss, lawsOf, loss, termsWithin } from "./loss.ts";

/**
 * A weighted sum of losses.   L = Σ_j w_j L_j
 * Such as an active and a passive loss, `{ sum: [normalizedCe, reverseCe] }` (Ma et al., 2020, arXiv:2006.13554, eq. 10). Where terms are
 * divided by weights of their examples, the sum is divided by the mean of these weights: exact where all terms have the same.
 */
export const sum = loss({
  name: "sum",
  title: "sum",
  summary: "A weighted sum of losses: { sum: [normalizedCe, { weight: 0.5, loss: mae }] }.",
  formula: "\\sum_j w_j L_j",
  reference: "active and passive losses: Ma et al., 2020, arXiv:2006.13554, eq. 10",
  primary: "terms",
  params: { terms: weightedWithin<Loss, "loss">("loss", "losses, each alone or as { weight, loss }") },
  examples: [{ terms: ["normalizedCe", "reverseCe"] }, { terms: ["ce", { weight: 0.5, loss: { focal: 2 } }] }],
  perExample(logits, targets, { terms }, context) {
    const parts = terms.map(({ weight, loss }) => ({ weight, ...termsWithin(loss, logits, targets, context) }));
    const total = (of: (part: (typeof parts)[number]) => Expr): Expr =>
      parts.map((part) => mul(of(part), part.weight)).reduce((a, b) => add(a, b));
    const perExample = total((part) => part.perExample);
    if (parts.every((part) => !part.weights)) return { perExample };
    const weights = parts.reduce((a, { weight }) => a + weight, 0);
    return {
      perExample,
      weights: mul(
        total((part) => part.weights ?? filled(perExample.shape, 1)),
        1 / weights,
      ),
    };
  },
  laws({ terms }) {
    const all = terms.map(({ loss }) => lawsOf(loss));
    const rising = all.find(({ mayRise }) => mayRise);
    return {
      nonNegative: all.every((laws) => laws.nonNegative),
      shiftInvariant: all.every((laws) => laws.shiftInvariant),
      vanishesWhenSure: all.every((laws) => laws.vanishesWhenSure),
      distributions: all.every((laws) => laws.distributions),
      ...(rising && { mayRise: rising.mayRise }),
    };
  },
  label({ terms }: { terms: { weight: number; loss: Record<string, Record<string, unknown>> }[] }, labelOf) {
    const said = terms.map(({ weight, loss }) => ({ weight, label: labelOf(loss) }));
    return said.map(({ weight, label }) => (weight === 1 ? "" : `${weight} `) + bracketed(label)).join(" + ");
  },
});
