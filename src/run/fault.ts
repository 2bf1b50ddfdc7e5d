/** Finds the operation that first made a number that is not finite. */
import { emit } from "../onnx/emit.ts";
import { constantOp, type Expr, inputOp, topological } from "../tensor/index.ts";
import { floats, type State } from "./buffers.ts";
import { type Cohort, cohort, trainingPass } from "./cohort.ts";
import { type Fault, layerOf } from "./diagnosis.ts";
import { passState } from "./diagnostic-graph.ts";
import { passFeeds } from "./diagnostician.ts";
import type { StepContext } from "./step-session.ts";

const isBad = (values: ArrayLike<number>): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
};

const range = (values: ArrayLike<number>): { low: number; high: number } => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return { low, high };
};

const said = (value: number): Fault["value"] => String(value) as Fault["value"];

/** One trial's part of the state of its cohort's parameters and buffers. */
function alone(state: State, names: readonly string[], place: number, trials: number): State {
  return Object.fromEntries(
    names.map((name) => {
      const size = state[name].length / trials;
      return [name, state[name].slice(place * size, (place + 1) * size)];
    }),
  );
}

/**
 * Computes a step of one trial again, operation by operation.
 * @param place of the trial in the cohort
 * @param examples of the step's mini-batch
 * @param step counted from 0 over the whole training
 * @param before the state before the step, of all trials
 * @returns null when no operation does it again: fused kernels may round otherwise than single ones
 */
export async function findFault(
  context: StepContext,
  place: number,
  examples: Int32Array,
  step: number,
  before: State,
): Promise<Fault | null> {
  const { members, data } = context.cohort;
  const single = cohort([members[place]], data);
  const shapes = passState(single);
  const state = alone(before, Object.keys(shapes), place, members.length);
  for (const [name, values] of Object.entries(state)) {
    const at = isBad(values);
    if (at >= 0)
      return { step, part: "update", operation: null, layer: layerOf(name), value: said(values[at]), inputs: [] };
  }
  const pass = trainingPass(single, { total: context.total, batchSize: examples.length, steps: 1 }, shapes);
  const nodes = topological([pass.loss, ...Object.values(pass.gradients)]).filter((n) => n.dtype === "float32");
  const made = nodes.filter((n) => n.op !== inputOp && n.op !== constantOp);
  const outputs = Object.fromEntries(made.map((n, i) => [`v${i}`, n]));
  const model = emit(outputs, "trace");
  const session = await context.backend.session(model.bytes, "seldom");
  try {
    const out = await session.run(passFeeds(context, model.inputs, examples, step, state));
    const values = new Map(made.map((n, i) => [n, floats(out[`v${i}`])]));
    const bad = new Map(made.flatMap((n) => (isBad(values.get(n)!) >= 0 ? [[n, values.get(n)!] as const] : [])));
    const first = firstThatMatters(made, bad, [pass.loss, ...Object.values(pass.gradients)]);
    if (!first) return null;
    const own = bad.get(first)!;
    const inputs = first.inputs.flatMap((x) => (values.has(x) ? [range(values.get(x)!)] : []));
    const value = said(own[isBad(own)]);
    return { step: step + 1, ...placeOf(first, pass, single), operation: first.op.name, value, inputs };
  } finally {
    await session.release();
  }
}

/**
 * The first operation with finite inputs that made a number that is not, among those through which it came to the results: a branch that
 * is not taken may hold anything.
 * @param order operations, inputs before their users
 */
function firstThatMatters(
  order: readonly Expr[],
  bad: ReadonlyMap<Expr, unknown>,
  results: readonly Expr[],
): Expr | undefined {
  const reached = new Set<Expr>();
  const open = results.filter((r) => bad.has(r));
  for (let node = open.pop(); node; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    open.push(...node.inputs.filter((x) => bad.has(x)));
  }
  return order.find((node) => reached.has(node) && !node.inputs.some((x) => bad.has(x)));
}

/** Where an operation stands: on the way to the logits, to the loss, or back; and behind which layer. */
function placeOf(node: Expr, pass: ReturnType<typeof trainingPass>, { model }: Cohort): Pick<Fault, "part" | "layer"> {
  const forward = new Set(topological([pass.pass.logits]));
  const part = forward.has(node) ? "forward" : new Set(topological([pass.loss])).has(node) ? "loss" : "gradient";
  const below = new Set(topological([node]).flatMap((n) => (n.op === inputOp ? [n.attrs.name as string] : [])));
  const last = Object.keys(model.parameters).findLast((name) => below.has(name));
  return { part, layer: part !== "forward" || last === undefined ? null : layerOf(last) };
}
