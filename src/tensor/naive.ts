/** Expressions as one writes them down at first: what numerically careful operations are made of, spelled out with exp and log. */
import { apply, type Expr, topological } from "./expr.ts";
import { add, div, exp, log, neg, sub } from "./ops/elementwise.ts";
import { sum } from "./ops/reduce.ts";

const rowSum = (x: Expr): Expr => sum(x, [-1], true);

/** The same value in exact arithmetic, by the operation's name. */
const spelledOut: Record<string, (x: Expr) => Expr> = {
  logSumExp: (x) => log(rowSum(exp(x))),
  logSoftmax: (x) => log(div(exp(x), rowSum(exp(x)))),
  softplus: (x) => log(add(1, exp(x))),
  sigmoid: (x) => div(1, add(1, exp(neg(x)))),
  log1p: (x) => log(add(1, x)),
  expm1: (x) => sub(exp(x), 1),
};

/** Probabilities are written as quotients, not as exponentials of their own logarithms. */
const isSoftmax = ({ op, inputs }: Expr): boolean => op.name === "exp" && inputs[0].op.name === "logSoftmax";

/** The expressions with their careful operations replaced by the plain formulas; equal to them in exact arithmetic. */
export function naive(roots: readonly Expr[]): Expr[] {
  const made = new Map<Expr, Expr>();
  for (const node of topological(roots)) {
    const inputs = node.inputs.map((x) => made.get(x)!);
    const rule = spelledOut[node.op.name];
    if (isSoftmax(node)) {
      const x = made.get(node.inputs[0].inputs[0])!;
      made.set(node, div(exp(x), rowSum(exp(x))));
    } else if (rule) made.set(node, rule(inputs[0]));
    else made.set(node, inputs.every((x, i) => x === node.inputs[i]) ? node : apply(node.op, inputs, node.attrs));
  }
  return roots.map((root) => made.get(root)!);
}
