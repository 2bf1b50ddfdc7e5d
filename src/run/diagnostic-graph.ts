import {
  abs,
  type Batched,
  cast,
  type Expr,
  grad,
  greater,
  greaterOrEqual,
  mul,
  reshape,
  sqrt,
  square,
  sum,
  trialsFirst,
} from "../tensor/index.ts";
import { type Cohort, type StepOptions, stateOf, trainingPass } from "./cohort.ts";

/** A smaller derivative lets less than a hundredth of a gradient pass. */
const SATURATED_BELOW = 0.01;

/** The state that a pass needs: parameters and buffers, without optimizers' tensors. */
export const passState = (cohort: Cohort): Record<string, readonly number[]> => {
  const names = { ...cohort.model.parameters, ...cohort.model.buffers };
  return Object.fromEntries(stateOf(cohort).flatMap(({ name, shape }) => (name in names ? [[name, shape]] : [])));
};

/**
 * What is looked at in a training step, for all trials, without the step's update.
 * Inputs: those of the step graph, of the state parameters and buffers alone.
 * Outputs: gradient.<parameter> [T], its norm; saturated.<i> and dead.<i> [T], shares at the i-th activation.
 */
export function diagnosticGraph(
  cohort: Cohort,
  { total, batchSize }: Pick<StepOptions, "total" | "batchSize">,
): Record<string, Expr> {
  const trials = cohort.members.length;
  const { gradients, pass } = trainingPass(cohort, { total, batchSize, steps: 1 }, passState(cohort));
  const norms = Object.entries(gradients).map(
    ([name, g]) => [`gradient.${name}`, sqrt(sum(reshape(square(g), [trials, -1]), [1]))] as const,
  );
  const shares = pass.activations.flatMap(({ before, after }, i) => {
    const cut = cutOff(before, after, trials);
    return [
      [`saturated.${i}`, mean(reshape(cut, [trials, -1]))],
      [`dead.${i}`, deadShare(cut)],
    ] as const;
  });
  return Object.fromEntries([...norms, ...shares]);
}

/** 1 where the derivative of the activation is small, [T, N, ...]. */
function cutOff(before: Batched, after: Batched, trials: number): Expr {
  const [derivative] = grad(sum(after.expr), [before.expr]);
  return cast(greater(SATURATED_BELOW, abs(trialsFirst({ expr: derivative, axis: before.axis }, trials))), "float32");
}

/** [T, K] to [T] */
const mean = (x: Expr): Expr => mul(sum(x, [1]), 1 / x.shape[1]);

/** Share of the units that are cut off at every example and place, of [T, N, units, ...]. */
function deadShare(cut: Expr): Expr {
  const others = cut.shape.flatMap((size, axis) => (axis === 0 || axis === 2 ? [] : [{ size, axis }]));
  const all = others.reduce((product, { size }) => product * size, 1);
  const counts = sum(
    cut,
    others.map(({ axis }) => axis),
  );
  return mean(cast(greaterOrEqual(counts, all - 0.5), "float32"));
}
