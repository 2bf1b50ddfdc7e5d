import { imbalance, ratio } from "./imbalance.ts";

/** Each class has the same fraction of the examples of the class before.   n_k = n_0 ρ^(-k / (C - 1)). Cui et al., 2019. */
export const longTail = imbalance({
  name: "longTail",
  title: "long tail",
  summary: "Each class has the same fraction of the examples of the class before it.",
  formula: "n_k = n_0 \\, \\rho^{-k / (C - 1)}",
  reference: "Cui et al., 2019",
  params: { ratio },
  primary: "ratio",
  divisors: ({ ratio }, classes) => Array.from({ length: classes }, (_, k) => ratio ** (k / (classes - 1))),
});
