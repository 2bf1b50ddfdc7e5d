/**
 * The zoo on plain numbers: values and gradients of losses, activations and layers, and trajectories of optimizers.
 * Computed by the float64 reference; `onRuntime` computes the same graphs in an ONNX runtime, as training does.
 */
import { emit } from "../onnx/emit.ts";
import type { Backend, Tensor } from "../run/backend.ts";
import { constant, div, type Expr, evaluate, grad, input, mul, type Shape, sizeOf, sum } from "../tensor/index.ts";
import { UserError } from "../util/errors.ts";
import * as allActivations from "../zoo/activations/index.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import * as layers from "../zoo/layers/index.ts";
import { type Loss, lawsOf, termsOf } from "../zoo/losses/loss.ts";

/** A name, or a name with parameters, as a study file says it: `"ce"`, `{ focal: { gamma: 2 } }`. */
export type SpecInput = string | Record<string, unknown>;

/** A graph with the values it is asked for, and how its results are read. */
interface Question<R> {
  outputs: Record<string, Expr>;
  feeds: Record<string, ArrayLike<number>>;
  read(results: Record<string, ArrayLike<number>>): R;
}

function answer<R>({ outputs, feeds, read }: Question<R>): R {
  const names = Object.keys(outputs);
  const values = evaluate(Object.values(outputs), feeds);
  return read(Object.fromEntries(names.map((name, i) => [name, values[i]])));
}

async function answerOn<R>(backend: Backend, { outputs, feeds, read }: Question<R>): Promise<R> {
  const model = emit(outputs);
  const session = await backend.session(model.bytes);
  try {
    const given = Object.entries(model.inputs).map(([name, { shape }]): [string, Tensor] => [
      name,
      backend.tensor("float32", Float32Array.from(feeds[name]), shape),
    ]);
    const results = await session.run(Object.fromEntries(given));
    return read(Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data as Float32Array])));
  } finally {
    await session.release();
  }
}

function rows(flat: ArrayLike<number>, width: number): number[][] {
  const all = Array.from(flat);
  return Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width));
}

// ---- losses

export interface LossInput {
  /** [N][C] */
  logits: readonly (readonly number[])[];
  /** [N] class indices, or [N][C] distributions. */
  targets: readonly number[] | readonly (readonly number[])[];
  /** Training examples of each class, for losses that use them; by default those among the targets. */
  classCounts?: readonly number[];
  /** False: without weights that exist in training alone. */
  training?: boolean;
}

export interface LossValue {
  /** Σ of the examples' losses divided by their number, or by the sum of their weights. */
  mean: number;
  /** [N] */
  perExample: number[];
  /** Gradient of the mean for the logits, [N][C]. */
  gradLogits: number[][];
}

/** Distributions that were computed in float32 add up to 1 as nearly as this. */
const ADDS_UP = 1e-3;

function distribution(values: readonly number[], i: number, classes: number): number[] {
  if (values.length !== classes)
    throw new UserError(`targets[${i}] has ${values.length} values; expected one for each of ${classes} classes`);
  const wrong = values.findIndex((t) => !(t >= 0));
  if (wrong >= 0) throw new UserError(`targets[${i}][${wrong}] is ${values[wrong]}; expected a probability`);
  const total = values.reduce((a, b) => a + b, 0);
  if (Math.abs(total - 1) > ADDS_UP)
    throw new UserError(`targets[${i}] adds up to ${total}; a distribution adds up to 1`);
  return [...values];
}

function countsOf(given: readonly number[], classes: number): readonly number[] {
  if (given.length !== classes)
    throw new UserError(`classCounts has ${given.length} values; expected one for each of ${classes} classes`);
  const wrong = given.findIndex((n) => !(n >= 0 && Number.isFinite(n)));
  if (wrong >= 0) throw new UserError(`classCounts[${wrong}] is ${given[wrong]}; expected a number of examples`);
  return given;
}

function oneHotRows(targets: LossInput["targets"], classes: number): number[][] {
  return targets.map((target, i) => {
    if (typeof target !== "number") return distribution(target, i, classes);
    if (!Number.isInteger(target) || target < 0 || target >= classes) {
      throw new UserError(`targets[${i}] is ${target}; expected a class from 0 to ${classes - 1}`);
    }
    return Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0));
  });
}

/** Losses by name. */
export type Losses = Readonly<Record<string, Loss>>;

function lossQuestion(
  spec: SpecInput,
  { logits, targets, classCounts, training = true }: LossInput,
  losses: Losses,
): Question<LossValue> {
  const { entry, params } = choose("loss", losses, spec);
  const n = logits.length;
  const classes = logits[0]?.length ?? 0;
  if (n === 0 || classes < 2)
    throw new UserError(`logits: expected [N][C] with N >= 1 and C >= 2, got [${n}][${classes}]`);
  const ragged = logits.findIndex((row) => row.length !== classes);
  if (ragged >= 0)
    throw new UserError(`logits[${ragged}] has ${logits[ragged].length} values; the first row has ${classes}`);
  if (targets.length !== n) throw new UserError(`${targets.length} targets for ${n} rows of logits`);
  const wanted = oneHotRows(targets, classes);
  const soft = wanted.some((row) => row.some((t) => t !== 0 && t !== 1));
  if (soft && !lawsOf({ entry, params }).distributions)
    throw new UserError(`${entry.name} takes classes as targets, got distributions`);
  const counts = classCounts
    ? countsOf(classCounts, classes)
    : wanted[0].map((_, k) => wanted.reduce((total, row) => total + row[k], 0));
  const z = input("logits", [n, classes]);
  const t = input("targets", [n, classes]);
  const { perExample, weights } = termsOf(entry.perExample(z, t, params, { classes, classCounts: counts, training }));
  const mean = weights ? div(sum(perExample), sum(weights)) : mul(sum(perExample), 1 / n);
  const [gradient] = grad(mean, [z]);
  return {
    outputs: { mean, perExample, gradient },
    feeds: { logits: logits.flat(), targets: wanted.flat() },
    read: (r) => ({ mean: r.mean[0], perExample: Array.from(r.perExample), gradLogits: rows(r.gradient, classes) }),
  };
}

/**
 * A loss on plain numbers, in float64.
 * @param losses where the name is looked up: by default those that come with losslab
 * @throws UserError when the spec or the numbers make no sense
 */
export const evaluateLoss = (spec: SpecInput, values: LossInput, losses: Losses = zoo.losses): LossValue =>
  answer(lossQuestion(spec, values, losses));

// ---- activations

function activationQuestion(spec: SpecInput, x: readonly number[]): Question<{ y: number[]; dy: number[] }> {
  const { entry, params } = choose("activation", allActivations as never as typeof zoo.activations, spec);
  const value = input("x", [x.length]);
  const y = entry.apply(value, params);
  const [dy] = grad(y, [value]);
  return { outputs: { y: mul(y, 1), dy }, feeds: { x }, read: (r) => ({ y: Array.from(r.y), dy: Array.from(r.dy) }) };
}

/** An activation and its derivative at the given points, in float64. */
export const evaluateActivation = (spec: SpecInput, x: readonly number[]): { y: number[]; dy: number[] } =>
  answer(activationQuestion(spec, x));

// ---- layers

export interface LayerInput {
  /** Shape of x with the batch first. */
  shape: Shape;
  /** Values in row-major order. */
  x: readonly number[];
  /** Parameters and buffers by name, in row-major order. */
  tensors?: Record<string, readonly number[]>;
  /** What multiplies the outputs in the scalar that is differentiated; ones by default. */
  gradOut?: readonly number[];
  training?: boolean;
  /** For layers that draw random numbers in training. */
  seed?: number;
}

export interface LayerValue {
  shape: Shape;
  y: number[];
  gradX: number[];
  /** Gradients of the parameters by name. */
  gradients: Record<string, number[]>;
  /** Buffers as the pass leaves them. */
  buffers: Record<string, number[]>;
}

function layerQuestion(
  spec: SpecInput,
  { shape, x, tensors = {}, gradOut, training = true, seed }: LayerInput,
): Question<LayerValue> {
  const { entry, params } = choose("layer", layers, spec);
  const built = entry.build(shape.slice(1), params);
  const value = input("x", shape);
  const shapes = { ...built.parameters, ...built.buffers };
  const own = Object.fromEntries(Object.entries(shapes).map(([name, t]) => [name, input(name, t.shape)]));
  const { y, buffers } = built.apply(value, own, {
    training,
    activation: (v) => v,
    seed(place = 0) {
      if (seed === undefined) throw new UserError(`${entry.name} draws random numbers in training; expected a seed`);
      return constant(seed + place, [], "int64");
    },
  });
  const names = Object.keys(built.parameters);
  const out = gradOut ?? new Array<number>(sizeOf(y.shape)).fill(1);
  const gradients = grad(mul(y, input("gradOut", y.shape)), [value, ...names.map((name) => own[name])]);
  const plain = (v: ArrayLike<number>): number[] => Array.from(v);
  return {
    outputs: {
      y: mul(y, 1),
      gradX: gradients[0],
      ...Object.fromEntries(names.map((name, i) => [`grad.${name}`, gradients[i + 1]])),
      ...Object.fromEntries(Object.entries(buffers).map(([name, b]) => [`next.${name}`, b])),
    },
    feeds: { x, gradOut: out, ...tensors },
    read: (r) => ({
      shape: y.shape,
      y: plain(r.y),
      gradX: plain(r.gradX),
      gradients: Object.fromEntries(names.map((name) => [name, plain(r[`grad.${name}`])])),
      buffers: Object.fromEntries(Object.keys(buffers).map((name) => [name, plain(r[`next.${name}`])])),
    }),
  };
}

/** A layer, its gradients and its buffers on plain numbers, in float64. */
export const evaluateLayer = (spec: SpecInput, values: LayerInput): LayerValue => answer(layerQuestion(spec, values));

// ---- optimizers

function* optimizerQuestions(
  spec: SpecInput,
  params: readonly number[],
  grads: readonly (readonly number[])[],
): Generator<Question<Record<string, number[]>>, number[][], Record<string, number[]>> {
  const chosen = choose("optimizer", zoo.optimizers, spec);
  const { entry } = chosen;
  const n = params.length;
  const wrong = grads.findIndex((g) => g.length !== n);
  if (wrong >= 0) throw new UserError(`grads[${wrong}] has ${grads[wrong].length} values for ${n} parameters`);
  const names = entry.slots(chosen.params);
  const vector = (name: string): Expr => input(name, [n]);
  const factorNames = Object.keys(entry.factors(chosen.params, 1, 1));
  const { parameter, slots } = entry.update(
    { parameter: vector("parameter"), slots: Object.fromEntries(names.map((s) => [s, vector(`slot.${s}`)])) },
    vector("gradient"),
    chosen.params,
    Object.fromEntries(factorNames.map((f) => [f, input(`factor.${f}`, [])])),
  );
  const outputs = {
    "next.parameter": parameter,
    ...Object.fromEntries(names.map((s) => [`next.slot.${s}`, slots[s]])),
  };
  let state: Record<string, number[]> = {
    parameter: [...params],
    ...Object.fromEntries(names.map((s) => [`slot.${s}`, new Array<number>(n).fill(0)])),
  };
  const path: number[][] = [];
  for (const [i, gradient] of grads.entries()) {
    const factors = entry.factors(chosen.params, chosen.params.learningRate as number, i + 1);
    const fed = Object.fromEntries(factorNames.map((f) => [`factor.${f}`, [factors[f]]]));
    state = yield {
      outputs,
      feeds: { ...state, ...fed, gradient },
      read: (r) => Object.fromEntries(Object.keys(state).map((name) => [name, Array.from(r[`next.${name}`])])),
    };
    path.push(state.parameter);
  }
  return path;
}

/**
 * An optimizer fed with given gradients, in float64.
 * @param params the parameters before the first step
 * @param grads the raw gradient of each step; weight decay is the optimizer's own
 * @returns the parameters after each step
 */
export function replayOptimizer(
  spec: SpecInput,
  params: readonly number[],
  grads: readonly (readonly number[])[],
): number[][] {
  const questions = optimizerQuestions(spec, params, grads);
  let step = questions.next();
  while (!step.done) step = questions.next(answer(step.value));
  return step.value;
}

/** The same functions computed in an ONNX runtime, in float32, on the graphs that training uses. */
export function onRuntime(backend: Backend) {
  return {
    evaluateLoss: (spec: SpecInput, values: LossInput, losses: Losses = zoo.losses): Promise<LossValue> =>
      answerOn(backend, lossQuestion(spec, values, losses)),
    evaluateActivation: (spec: SpecInput, x: readonly number[]): Promise<{ y: number[]; dy: number[] }> =>
      answerOn(backend, activationQuestion(spec, x)),
    evaluateLayer: (spec: SpecInput, values: LayerInput): Promise<LayerValue> =>
      answerOn(backend, layerQuestion(spec, values)),
    async replayOptimizer(spec: SpecInput, params: readonly number[], grads: readonly (readonly number[])[]) {
      const questions = optimizerQuestions(spec, params, grads);
      let step = questions.next();
      while (!step.done) step = questions.next(await answerOn(backend, step.value));
      return step.value;
    },
  };
}
