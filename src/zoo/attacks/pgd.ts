import { flag, number } from "../entry.ts";
import { ascended, attack, epsilon, wholeSteps } from "./attack.ts";

/** Of the way through the ball of radius ε, so that the edge is reached from anywhere within: Madry et al. use 2.5 ε / steps. */
const REACH = 2.5;

/**
 * Projected gradient descent: many small steps, each put back within ε, from a random place there.
 *
 *     x ← Π_ε(x + a sign ∇ₓL)
 *
 * Madry et al., 2018, arXiv:1706.06083, § 2.1.
 */
export const pgd = attack({
  name: "pgd",
  title: "PGD",
  summary: "Many small steps along the signs of the gradient, kept within ε.",
  formula: "\\Pi_\\epsilon(x + a \\operatorname{sign} \\nabla_x L)",
  reference: "Madry et al., 2018, arXiv:1706.06083, § 2.1",
  primary: "epsilon",
  params: {
    epsilon,
    steps: wholeSteps(10),
    stepSize: number("a: change of a value in a step; 0 for 2.5 ε / steps", { default: 0, min: 0 }),
    randomStart: flag("begins at a random place within ε, rather than at the input", true),
  },
  async perturb(target, { epsilon, steps, stepSize, randomStart }) {
    const { inputs, size, random } = target;
    const step = stepSize || (REACH * epsilon) / steps;
    let x = inputs;
    if (randomStart) {
      const moved = inputs.slice();
      for (let i = 0; i * size < inputs.length; i++) {
        const { uniform } = random(i);
        for (let j = 0; j < size; j++) moved[i * size + j] += epsilon * (2 * uniform(j) - 1);
      }
      x = ascended(target, moved, new Float32Array(inputs.length), 0, epsilon);
    }
    for (let s = 0; s < steps; s++) x = ascended(target, x, await target.gradient(x), step, epsilon);
    return x;
  },
});
