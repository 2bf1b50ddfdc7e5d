/** Which losses suit what was seen, and why. */
import type { SpecInput } from "../library/plain.ts";
import { type Findings, isNoisy, isUnbalanced } from "./findings.ts";

export interface Suggestion {
  loss: SpecInput;
  why: string;
}

/** What every other loss is compared with. */
export const BASELINE: SpecInput = "ce";

const ALWAYS: readonly Suggestion[] = [
  { loss: BASELINE, why: "the baseline" },
  {
    loss: { ce: { labelSmoothing: 0.1 } },
    why: "less confident targets; often a little better (Szegedy et al., 2016)",
  },
];
const CLEAN: readonly Suggestion[] = [
  { loss: { focal: 2 }, why: "weighs hard examples more (Lin et al., 2017)" },
  { loss: { poly1: 1 }, why: "cross-entropy with a larger first term (Leng et al., 2022)" },
  { loss: "brier", why: "squared error of the probabilities: bounded (Brier, 1950)" },
];
const NOISE: readonly Suggestion[] = [
  { loss: { generalizedCe: 0.7 }, why: "between cross-entropy and absolute error: bounded (Zhang and Sabuncu, 2018)" },
  { loss: "symmetricCe", why: "adds the reverse cross-entropy, which is robust (Wang et al., 2019)" },
  { loss: { sum: ["normalizedCe", "reverseCe"] }, why: "an active and a passive robust loss (Ma et al., 2020)" },
];
const IMBALANCE: readonly Suggestion[] = [
  { loss: "logitAdjusted", why: "shifts logits by the classes' frequencies (Menon et al., 2021)" },
  { loss: "ldam", why: "larger margins for rare classes (Cao et al., 2019)" },
  { loss: { classBalanced: { loss: "ce" } }, why: "weights by the effective number of examples (Cui et al., 2019)" },
];

/** The baseline first; a handful, so that each can be tuned and compared with several seeds. */
export function lossesFor(findings: Findings): Suggestion[] {
  const noisy = isNoisy(findings);
  const unbalanced = isUnbalanced(findings);
  return [...ALWAYS, ...(noisy ? NOISE : []), ...(unbalanced ? IMBALANCE : []), ...(noisy || unbalanced ? [] : CLEAN)];
}
