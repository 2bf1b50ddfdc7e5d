/**
 * The graphs of a cohort: trials trained together because they share data, batch order and layer shapes.
 * A model, a loss and an optimizer, each written for one trial, become one fused training step.
 */

import { fuse } from "../tensor/fuse.ts";
import {
  add,
  argMax,
  type Batched,
  cast,
  choose,
  concat,
  constant,
  div,
  type Expr,
  filled,
  gather,
  grad,
  input,
  mul,
  oneHot,
  perTrial,
  reshape,
  type Shape,
  sizeOf,
  slice,
  sqrt,
  square,
  sum,
  take,
  trialsFirst,
  vmap,
} from "../tensor/index.ts";
import { canonicalJson } from "../util/hash.ts";
import type { Activation } from "../zoo/activations/activation.ts";
import type { Augmentation, Batch } from "../zoo/augmentations/augmentation.ts";
import type { Clipping } from "../zoo/clippings/clipping.ts";
import type { Chosen } from "../zoo/entry.ts";
import { type Loss, type LossContext, termsOf } from "../zoo/losses/loss.ts";
import { type BuiltModel, buildModel, type Model } from "../zoo/models/model.ts";
import { type Optimizer, VARYING } from "../zoo/optimizers/optimizer.ts";
import type { Schedule } from "../zoo/schedules/schedule.ts";
import type { WarmStart } from "../zoo/warmStarts/warmStart.ts";

/** What one trial of a cohort is made of. */
export interface Member {
  id: string;
  model: Chosen<Model>;
  activation: Chosen<Activation>;
  loss: Chosen<Loss>;
  optimizer: Chosen<Optimizer>;
  clip: Chosen<Clipping>;
  schedule: Chosen<Schedule>;
  augment: Chosen<Augmentation>;
  /** The same training before, or none, for all members of a cohort. */
  warmStart: Chosen<WarmStart>;
  seed: number;
}

/** What the members share. */
export interface CohortData {
  /** Shape of an example: [channels, height, width], or [features]. */
  shape: readonly number[];
  /** How the examples' values are stored. */
  pixels: "uint8" | "float32";
  classes: number;
  /** Examples of each class in the training split. */
  classCounts: readonly number[];
  /** A pixel's value in the network is pixel·scale[c] + offset[c], by channel. */
  scale: readonly number[];
  offset: readonly number[];
}

/** Trials that one vectorized update serves. */
export interface OptimizerGroup {
  optimizer: Chosen<Optimizer>;
  clip: Chosen<Clipping>;
  /** Places in the cohort. */
  trials: number[];
  /** Names of the group's factors, in the order in which they are fed. */
  factors: string[];
  /** Whether the learning rate never changes: the factor `rate` is then 1 and not fed. */
  steady: boolean;
}

export interface Cohort {
  members: readonly Member[];
  data: CohortData;
  model: BuiltModel;
  /** The members share it as they share their mini-batches. */
  augment: Chosen<Augmentation>;
  groups: OptimizerGroup[];
}

/** Members in the order in which they stand in the graphs: those that share an optimizer, an activation and a loss side by side. */
export function arrange<M extends Pick<Member, "optimizer" | "clip" | "schedule" | "activation" | "loss" | "id">>(
  members: readonly M[],
): M[] {
  const key = (m: M): string =>
    [groupKey(m), canonicalJson(m.activation.spec), canonicalJson(m.loss.spec), m.id].join("\u0000");
  return members
    .map((m) => ({ m, key: key(m) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ m }) => m);
}

const isSteady = ({ entry, params }: Chosen<Schedule>): boolean => entry.name === "constant" && params.warmUp === 0;

/** Optimizers with equal keys differ only in numbers that may vary within one update. */
function groupKey({
  optimizer: { entry, params },
  clip,
  schedule,
}: Pick<Member, "optimizer" | "clip" | "schedule">): string {
  const varying = Object.fromEntries(VARYING.map((name) => [name, params[name] === 0]));
  return entry.name + canonicalJson({ ...params, ...varying, clip: clip.spec, steady: isSteady(schedule) });
}

export function cohort(members: readonly Member[], data: CohortData): Cohort {
  const ordered = arrange(members);
  const { entry, params } = ordered[0].model;
  const byKey = new Map<string, OptimizerGroup>();
  ordered.forEach((member, place) => {
    const { optimizer, clip, schedule } = member;
    const key = groupKey(member);
    const group = byKey.get(key);
    if (group) group.trials.push(place);
    else {
      const steady = isSteady(schedule);
      const factors = Object.keys(optimizer.entry.factors(optimizer.params, 1, 1));
      byKey.set(key, {
        optimizer,
        clip,
        trials: [place],
        factors: factors.filter((f) => !steady || f !== "rate"),
        steady,
      });
    }
  });
  return {
    members: ordered,
    data,
    model: buildModel(entry, params, data.shape, data.classes),
    augment: ordered[0].augment,
    groups: [...byKey.values()],
  };
}

/** A tensor of the training state. */
export interface StateTensor {
  /** Name of the graph's input; the output is called `next.<name>`. */
  name: string;
  shape: readonly number[];
  /** The numbers it begins with, for all trials. */
  initial(): Float32Array;
}

const slotName = (group: number, slot: string, parameter: string): string => `slot${group}.${slot}.${parameter}`;

/** The training state: parameters and buffers of all trials, and the optimizers' own tensors of each group. */
export function stateOf({ members, model, groups }: Cohort): StateTensor[] {
  const shapes = { ...model.parameters, ...model.buffers };
  const tensors: StateTensor[] = Object.entries(shapes).map(([name, { shape }]) => ({
    name,
    shape: [members.length, ...shape],
    initial() {
      const size = sizeOf(shape);
      const all = new Float32Array(members.length * size);
      const known = new Map<string, Float32Array>();
      members.forEach(({ seed, model: { params, spec } }, t) => {
        const key = `${seed}${canonicalJson(spec)}`;
        const values = known.get(key) ?? model.initial(name, seed, params);
        known.set(key, values);
        all.set(values, t * size);
      });
      return all;
    },
  }));
  groups.forEach(({ optimizer, trials }, g) => {
    for (const slot of optimizer.entry.slots(optimizer.params)) {
      for (const [name, { shape }] of Object.entries(model.parameters)) {
        const full = [trials.length, ...shape];
        tensors.push({ name: slotName(g, slot, name), shape: full, initial: () => new Float32Array(sizeOf(full)) });
      }
    }
  });
  return tensors;
}

/** Neighbouring trials that are evaluated by averages of their parameters, which stand among the optimizers' tensors. */
export interface Averaged {
  /** What stands before a parameter's name. */
  prefix: string;
  /** Place of the first trial, and how many there are. */
  first: number;
  count: number;
}

export const averagedIn = ({ groups }: Pick<Cohort, "groups">): Averaged[] =>
  groups.flatMap(({ optimizer, trials }, g) => {
    const { evaluated } = optimizer.entry;
    return evaluated ? [{ prefix: slotName(g, evaluated, ""), first: trials[0], count: trials.length }] : [];
  });

/** A tensor as evaluation needs it, of all trials: the state's own, with the optimizers' averages where they keep some. */
export function evaluatedTensor(
  cohort: Cohort,
  state: Readonly<Record<string, Float32Array>>,
  name: string,
): Float32Array {
  const averages = averagedIn(cohort).filter(({ prefix }) => prefix + name in state); // buffers have none
  if (averages.length === 0) return state[name];
  const all = state[name].slice();
  for (const { prefix, first } of averages) all.set(state[prefix + name], (first * all.length) / cohort.members.length);
  return all;
}

/** Distinct values in the order of their first appearance, and which of them each member has. */
function distinct<T>(
  members: readonly Member[],
  of: (m: Member) => Chosen & { entry: T },
): { values: (Chosen & { entry: T })[]; assignment: number[] } {
  const values = new Map<string, number>();
  const list: (Chosen & { entry: T })[] = [];
  const assignment = members.map((m) => {
    const chosen = of(m);
    const key = canonicalJson(chosen.spec);
    if (!values.has(key)) {
      values.set(key, list.length);
      list.push(chosen);
    }
    return values.get(key)!;
  });
  return { values: list, assignment };
}

export interface Pass {
  /** [T, N, C]. */
  logits: Expr;
  /** The examples' losses, [T, N]. */
  losses: Expr;
  /** The weights by whose sum the losses' sum is divided, [T, N]. */
  weights: Expr;
  /** The class of the largest logit of each example, [T, N] int32. */
  predicted: Expr;
  /** Buffers as the pass leaves them, [T, ...]. */
  buffers: Record<string, Expr>;
  /** What each activation is given and makes of it, in the order of the network. */
  activations: { before: Batched; after: Batched }[];
}

interface PassInputs {
  indices: Expr;
  tensors: Record<string, Expr>;
  training: boolean;
  seed?: Expr;
  /** [N, draws], the augmentation's numbers, where there is one. */
  drawn?: Expr;
}

/** Numbers of the channels, to go with examples [N, channels, ...]; one number where all are equal. */
const perChannel = (values: readonly number[], shape: Shape): Expr =>
  values.every((v) => v === values[0])
    ? constant(values[0])
    : constant(values, [values.length, ...shape.slice(1).map(() => 1)]);

/** What a network is fed for examples as they are stored: [N, ...] float32 to [N, ...shape]. */
export function scaledInputs(stored: Expr, { shape, scale, offset }: Pick<CohortData, "shape" | "scale" | "offset">) {
  const values = reshape(stored, [-1, ...shape]);
  return add(mul(values, perChannel(scale, shape)), perChannel(offset, shape));
}

/** The batch of the given examples, as the network sees it, and its one-hot targets; shared by all trials. */
function batchOf({ data, augment: { entry, params } }: Cohort, indices: Expr, total: number, drawn?: Expr): Batch {
  const images = input("images", [total, sizeOf(data.shape)], data.pixels);
  const labels = input("labels", [total], "uint8");
  const batch: Batch = {
    x: scaledInputs(cast(gather(images, indices), "float32"), data),
    targets: [{ wanted: oneHot(cast(gather(labels, indices), "int64"), data.classes) }],
  };
  return drawn ? entry.apply(batch, drawn, params, { black: perChannel(data.offset, data.shape) }) : batch;
}

/** A loss by each of several targets, times their shares, as one; of inputs [logits, wanted…, share…]. */
function mixed(targets: Batch["targets"], of: (logits: Expr, wanted: Expr) => Expr): (...inputs: Expr[]) => Expr {
  return (logits, ...rest) => {
    const shares = rest.slice(targets.length);
    return targets
      .map(({ share }, i) => (share ? mul(of(logits, rest[i]), shares[i]) : of(logits, rest[i])))
      .reduce((a, b) => add(a, b));
  };
}

/** Forward pass of all trials on one batch. */
function forward(cohort: Cohort, total: number, { indices, tensors, training, seed, drawn }: PassInputs): Pass {
  const { members, data, model } = cohort;
  const { x, targets } = batchOf(cohort, indices, total, drawn);
  const wanted = [...targets.map((t) => t.wanted), ...targets.flatMap((t) => t.share ?? [])];
  const activations = distinct<Activation>(members, (m) => m.activation);
  const losses = distinct<Loss>(members, (m) => m.loss);
  const context: LossContext = { classes: data.classes, classCounts: data.classCounts, training };
  const terms = losses.values.map(
    ({ entry, params }) =>
      (logits: Expr, t: Expr) =>
        termsOf(entry.perExample(logits, t, params, context)),
  );
  const examples = indices.shape[0];
  const weighted = losses.values.some((_, i) => terms[i](input("z", [examples, data.classes]), wanted[0]).weights);

  const results = vmap(
    members.length,
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, perTrial(tensor)])),
    (own) => {
      const seen: [string, Expr][] = [];
      const activation = (value: Expr): Expr => {
        const after = choose(
          [value],
          activations.values.map(
            ({ entry, params }) =>
              (v: Expr) =>
                entry.apply(v, params),
          ),
          activations.assignment,
        );
        const place = seen.length / 2;
        seen.push([`before.${place}`, value], [`after.${place}`, after]);
        return after;
      };
      const layerSeed = seed && ((index: number): Expr => add64(seed, index));
      const { logits, buffers } = model.forward(x, own, {
        training,
        activation,
        poolFirst: activations.values.every(({ entry }) => entry.monotone),
        ...(layerSeed && { seed: layerSeed }),
      });
      const perExample = choose(
        [logits, ...wanted],
        terms.map((f) => mixed(targets, (z, t) => f(z, t).perExample)),
        losses.assignment,
      );
      const ones = filled([examples], 1);
      const weights = weighted
        ? choose(
            [logits, ...wanted],
            terms.map((f) => mixed(targets, (z, t) => f(z, t).weights ?? ones)),
            losses.assignment,
          )
        : ones;
      return {
        logits,
        losses: perExample,
        weights,
        predicted: cast(argMax(logits), "int32"),
        ...Object.fromEntries(seen),
        ...Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [`buffer.${name}`, buffer])),
      };
    },
  );
  const named = results as Record<string, Batched>;
  const of = (name: string): Expr => trialsFirst(named[name], members.length);
  const places = Object.keys(named).filter((name) => name.startsWith("before.")).length;
  return {
    logits: of("logits"),
    losses: of("losses"),
    weights: of("weights"),
    predicted: of("predicted"),
    buffers: Object.fromEntries(Object.keys(model.buffers).map((name) => [name, of(`buffer.${name}`)])),
    activations: Array.from({ length: places }, (_, i) => ({
      before: named[`before.${i}`],
      after: named[`after.${i}`],
    })),
  };
}

const add64 = (seed: Expr, index: number): Expr => add(seed, constant(index * 7919, [], "int64"));

/** The gradients of a group's trials as its clipping leaves them. */
function clipped({ clip, trials }: OptimizerGroup, gradients: Record<string, Expr>): Record<string, Batched> {
  const own = Object.entries(gradients).map(([name, g]) => [name, perTrial(take(g, 0, trials))] as const);
  return vmap(trials.length, Object.fromEntries(own), (of) => clip.entry.apply(of, clip.params));
}

/** New parameters and slots of all trials, by state name. */
function update(
  cohort: Cohort,
  state: Record<string, Expr>,
  gradients: Record<string, Expr>,
  factors: Expr[],
): Record<string, Expr> {
  const next: Record<string, Expr> = {};
  const followed = cohort.groups.map((group) => clipped(group, gradients));
  for (const name of Object.keys(cohort.model.parameters)) {
    const parts: Expr[] = [];
    cohort.groups.forEach((group, g) => {
      const { entry, params } = group.optimizer;
      const slots = entry.slots(params);
      const args: Record<string, Batched> = {
        parameter: perTrial(take(state[name], 0, group.trials)),
        gradient: followed[g][name],
      };
      for (const slot of slots) args[`slot.${slot}`] = perTrial(state[slotName(g, slot, name)]);
      group.factors.forEach((factor, i) => {
        args[`factor.${factor}`] = perTrial(reshape(slice(factors[g], 0, i, i + 1), [group.trials.length]));
      });
      const hyper: Record<string, unknown> = { ...params };
      for (const key of VARYING) {
        const values = group.trials.map((t) => cohort.members[t].optimizer.params[key] as number | undefined);
        if (values[0] !== undefined && values.some((v) => v !== values[0]))
          args[`hyper.${key}`] = perTrial(constant(values as number[]));
      }
      const results = vmap(group.trials.length, args, (own) => {
        for (const key of VARYING) if (own[`hyper.${key}`]) hyper[key] = own[`hyper.${key}`];
        const after = entry.update(
          { parameter: own.parameter, slots: Object.fromEntries(slots.map((slot) => [slot, own[`slot.${slot}`]])) },
          own.gradient,
          hyper,
          {
            ...Object.fromEntries(group.factors.map((factor) => [factor, own[`factor.${factor}`]])),
            ...(group.steady && { rate: constant(1) }),
          },
        );
        const renamed = Object.fromEntries(slots.map((slot) => [`slot.${slot}`, after.slots[slot]]));
        return { parameter: after.parameter, ...renamed } as Record<string, Expr>;
      });
      parts.push(trialsFirst(results.parameter, group.trials.length));
      for (const slot of slots)
        next[slotName(g, slot, name)] = trialsFirst(results[`slot.${slot}`], group.trials.length);
    });
    // Groups hold neighbouring trials, for `arrange` sorts by them first.
    next[name] = concat(parts, 0);
  }
  return next;
}

/** How the augmentation's numbers come from uniform ones. */
export const drawsOf = ({ augment: { entry, params }, data }: Cohort): readonly ((uniform: number) => number)[] =>
  entry.draws(params, data.shape);

export interface StepOptions {
  /** Examples in the data that `indices` point into. */
  total: number;
  batchSize: number;
  /** Rows of `indices` and of the factors: the most steps that one call can hold. Changes no numbers. */
  steps: number;
  /** Also the norm of each trial's gradient. */
  norms: boolean;
}

/**
 * One training step, as the body of a loop: forward, loss, gradients and updates.
 * Inputs: images, labels; `step`, the row (int64 scalar) of indices [steps, B] int32, of factors<g> [steps, factors, trials of the group]
 * and of seeds [steps] int64, if the model draws random numbers; of drawn [steps, B, draws], if there is augmentation; the state.
 * Outputs: next.<state>, loss [T], weight [T], predicted [T, B] int32, norm [T].
 *
 * The state's tensors have shapes of equal size in which the graph leaves them: a runtime would copy a reshaped result.
 */
export function stepGraph(cohort: Cohort, options: StepOptions): Record<string, Expr> {
  const logical = Object.fromEntries(stateOf(cohort).map(({ name, shape }) => [name, shape]));
  const first = stepWith(cohort, options, logical);
  const left = Object.fromEntries(Object.keys(logical).map((name) => [name, first[`next.${name}`].shape]));
  const asLeft = Object.keys(logical).every((name) => String(left[name]) === String(logical[name]));
  return asLeft ? first : stepWith(cohort, options, left);
}

/** What a step makes of its mini-batch before it changes anything. */
export interface TrainingPass {
  /** The row of the step in what is fed for several. */
  row: (x: Expr) => Expr;
  state: Record<string, Expr>;
  pass: Pass;
  /** Sums over the mini-batch, [T]. */
  loss: Expr;
  weight: Expr;
  /** Of each trial's mean loss, by parameter, [T, ...]. */
  gradients: Record<string, Expr>;
}

/**
 * Forward, loss and gradients of a training step.
 * @param fed shapes in which the state's tensors are fed
 */
export function trainingPass(
  cohort: Cohort,
  { total, batchSize, steps }: Omit<StepOptions, "norms">,
  fed: Record<string, readonly number[]>,
): TrainingPass {
  const state: Record<string, Expr> = Object.fromEntries(
    stateOf(cohort).flatMap(({ name, shape }) => (fed[name] ? [[name, reshape(input(name, fed[name]), shape)]] : [])),
  );
  const step = input("step", [], "int64");
  const row = (x: Expr): Expr => gather(x, step);
  const draws = drawsOf(cohort).length;
  const parameters = Object.keys(cohort.model.parameters);
  const pass = forward(cohort, total, {
    indices: row(input("indices", [steps, batchSize], "int32")),
    tensors: Object.fromEntries(
      [...parameters, ...Object.keys(cohort.model.buffers)].map((name) => [name, state[name]]),
    ),
    training: true,
    seed: row(input("seeds", [steps], "int64")),
    ...(draws > 0 && { drawn: row(input("drawn", [steps, batchSize, draws])) }),
  });
  const loss = sum(pass.losses, [1]);
  const weight = sum(pass.weights, [1]);
  const gradients = grad(
    div(loss, weight),
    parameters.map((name) => state[name]),
  );
  return {
    row,
    state,
    pass,
    loss,
    weight,
    gradients: Object.fromEntries(parameters.map((name, i) => [name, gradients[i]])),
  };
}

/** The step graph for a state whose tensors are fed in the given shapes. */
function stepWith(cohort: Cohort, options: StepOptions, fed: Record<string, readonly number[]>): Record<string, Expr> {
  const { row, state, pass, loss, weight, gradients } = trainingPass(cohort, options, fed);
  const factors = cohort.groups.map(({ factors, trials }, g) =>
    row(input(`factors${g}`, [options.steps, factors.length, trials.length])),
  );
  const next = { ...pass.buffers, ...update(cohort, state, gradients, factors) };
  const outputs = fuse({
    ...Object.fromEntries(Object.entries(next).map(([name, value]) => [`next.${name}`, value])),
    loss,
    weight,
    predicted: pass.predicted,
    ...(options.norms && { norm: gradientNorm(Object.values(gradients), cohort.members.length) }),
  });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, x]) => [
      name,
      name.startsWith("next.") && x.op.name === "reshape" ? x.inputs[0] : x,
    ]),
  );
}

/** Euclidean norm over all parameters, [T]. */
function gradientNorm(gradients: readonly Expr[], size: number): Expr {
  const squares = gradients.map((g) => sum(reshape(square(g), [size, -1]), [1]));
  return sqrt(squares.reduce((a, b) => add(a, b)));
}

/**
 * Evaluation of all trials on a batch.
 * Inputs: images, labels, indices [N] int32, parameters and buffers. Outputs: losses [T, N], weights [T, N], predicted [T, N] int32.
 */
export function evaluationGraph(
  cohort: Cohort,
  { total, batchSize }: Pick<StepOptions, "total" | "batchSize">,
): Record<string, Expr> {
  const shapes = { ...cohort.model.parameters, ...cohort.model.buffers };
  const { losses, weights, predicted } = forward(cohort, total, {
    indices: input("indices", [batchSize], "int32"),
    tensors: Object.fromEntries(
      Object.entries(shapes).map(([name, { shape }]) => [name, input(name, [cohort.members.length, ...shape])]),
    ),
    training: false,
  });
  return { losses, weights, predicted };
}
