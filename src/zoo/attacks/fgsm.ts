import { ascended, attack, epsilon } from "./attack.ts";

/** Fast gradient sign method: one step of the largest allowed size.   x' = x + ε sign ∇ₓL. Goodfellow et al., 2015, arXiv:1412.6572, § 4. */
export const fgsm = attack({
  name: "fgsm",
  title: "FGSM",
  summary: "One step along the signs of the gradient.",
  formula: "x + \\epsilon \\operatorname{sign} \\nabla_x L",
  reference: "Goodfellow et al., 2015, arXiv:1412.6572, § 4",
  primary: "epsilon",
  params: { epsilon },
  async perturb(target, { epsilon }) {
    return ascended(target, target.inputs, await target.gradient(target.inputs), epsilon, epsilon);
  },
});
