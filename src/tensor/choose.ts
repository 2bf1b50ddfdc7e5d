/** Where the trials of a cohort differ in what is computed: each group of equal trials is a slice along the trial axis. */
import { apply, type Batched, type Expr, type Op } from "./expr.ts";
import { concat, moveAxis, take } from "./ops/shape.ts";
import { trialsFirst, vmap } from "./vmap.ts";

type Branch = (...inputs: Expr[]) => Expr;

/** Trials by the branch they take: `groups[b]` are the trials of branch b, in order. */
export function groupsOf(assignment: readonly number[]): number[][] {
  const groups: number[][] = Array.from({ length: Math.max(...assignment) + 1 }, () => []);
  assignment.forEach((branch, trial) => {
    groups[branch].push(trial);
  });
  return groups;
}

const chooseOp: Op<{ branches: readonly Branch[]; assignment: readonly number[] }> = {
  name: "choose",
  type(inputs, { branches }) {
    const { shape, dtype } = branches[0](...(inputs as Expr[]));
    return { shape, dtype };
  },
  batch(inputs, { branches, assignment }): Batched {
    const groups = groupsOf(assignment);
    const parts = groups.map((trials, b) => {
      const own = inputs.map((x) => (x.axis === null ? x : { expr: take(x.expr, x.axis, trials), axis: x.axis }));
      const named = Object.fromEntries(own.map((x, i) => [`x${i}`, x]));
      const { y } = vmap(trials.length, named, (args) => ({ y: branches[b](...own.map((_, i) => args[`x${i}`])) }));
      return y;
    });
    // Where the trial axis stands in most results, the others follow.
    const axis = parts.find((y) => y.axis !== null)?.axis ?? 0;
    const aligned = parts.map((y, b) =>
      y.axis === axis ? y.expr : moveAxis(trialsFirst(y, groups[b].length), 0, axis),
    );
    const joined = concat(aligned, axis);
    const order = groups.flat();
    const back = order.map((_, trial) => order.indexOf(trial));
    return { expr: take(joined, axis, back), axis };
  },
  onnx() {
    throw new Error("choose: which branch depends on the trial; batch the expression first");
  },
  eval() {
    throw new Error("choose: which branch depends on the trial; batch the expression first");
  },
};

/**
 * One of several functions, by the trial: branch `assignment[t]` for trial t of the cohort.
 * With a single branch it is that function itself; else it exists only until it is batched.
 */
export function choose(inputs: readonly Expr[], branches: readonly Branch[], assignment: readonly number[]): Expr {
  return branches.length === 1 ? branches[0](...inputs) : apply(chooseOp, inputs, { branches, assignment });
}
