/**
 * Batching over trials: a model written for one trial becomes the graph of a whole cohort. Each operation brings its own rule;
 * what all trials share (the input batch) stays shared, so that it is computed once.
 */
import { type Batched, type Expr, input, topological } from "./expr.ts";
import { axisAt, repeat } from "./ops/shape.ts";

export const shared = (expr: Expr): Batched => ({ expr, axis: null });
export const perTrial = (expr: Expr, axis = 0): Batched => ({ expr, axis });

/** The expression of one trial's result with its inputs replaced by batched ones. */
function rebuild(roots: readonly Expr[], given: ReadonlyMap<Expr, Batched>, size: number): Batched[] {
  const done = new Map<Expr, Batched>(given);
  for (const node of topological(roots)) {
    if (done.has(node)) continue;
    const inputs = node.inputs.map((x) => done.get(x)!);
    if (inputs.every((x) => x.axis === null)) {
      const unchanged = inputs.every((x, i) => x.expr === node.inputs[i]);
      done.set(node, shared(unchanged ? node : { ...node, inputs: inputs.map((x) => x.expr) }));
    } else {
      done.set(node, node.op.batch(inputs, node.attrs, size));
    }
  }
  return roots.map((root) => done.get(root)!);
}

/**
 * Runs a function written for one trial on the values of `size` trials.
 * @param f takes one trial's expressions and returns one trial's results
 * @param args values with their trial axis, or shared ones; a record keeps its names
 */
export function vmap<A extends Record<string, Batched>, R extends Record<string, Expr>>(
  size: number,
  args: A,
  f: (args: { [K in keyof A]: Expr }) => R,
): { [K in keyof R]: Batched } {
  const given = new Map<Expr, Batched>();
  const single = Object.fromEntries(
    Object.entries(args).map(([name, x]) => {
      if (x.axis === null) return [name, x.expr];
      const stand = input(
        name,
        x.expr.shape.filter((_, i) => i !== x.axis),
        x.expr.dtype,
      );
      given.set(stand, x);
      return [name, stand];
    }),
  ) as { [K in keyof A]: Expr };
  const results = f(single);
  const names = Object.keys(results);
  const batched = rebuild(
    names.map((name) => results[name]),
    given,
    size,
  );
  return Object.fromEntries(names.map((name, i) => [name, batched[i]])) as { [K in keyof R]: Batched };
}

/** The batched value with its trial axis first, repeated for each trial if all share it. */
export const trialsFirst = (x: Batched, size: number): Expr =>
  x.axis === null ? repeat(x.expr, 0, size) : axisAt(x, 0);
