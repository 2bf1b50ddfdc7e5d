/** Replays the golden files through losslab: each case in the float64 reference and in the float32 of the runtime. */
import {
  evaluateActivation,
  evaluateLayer,
  evaluateLoss,
  type LossInput,
  onRuntime,
  replayOptimizer,
  type SpecInput,
} from "../library/plain.ts";
import { replayTraining } from "../library/replay.ts";
import { confusionMatrix } from "../metrics/index.ts";
import type { Backend } from "../run/backend.ts";
import { difference, type Engine, exact, ofQuantiles, ofTraining, type Tolerance, tolerances } from "./compare.ts";
import type { GoldenFile, GoldenOf, Kind, LayerCase } from "./files.ts";
import * as mapping from "./mapping.ts";
import { counterpart, type Found } from "./mapping.ts";

/** What became of one result of a file. */
export interface Outcome {
  /** The result: its case, name and parameters. */
  what: string;
  engine: Engine;
  /** "missing": losslab has no counterpart (yet). */
  status: "agrees" | "differs" | "missing";
  /** What differs, or the name of what is missing. */
  detail: string;
}

/** The functions on plain numbers, by the arithmetic in which they compute. */
type Engines = Record<Engine, ReturnType<typeof onRuntime>>;

const enginesOf = (backend: Backend): Engines => ({
  float64: {
    evaluateLoss: async (...of) => evaluateLoss(...of),
    evaluateActivation: async (...of) => evaluateActivation(...of),
    evaluateLayer: async (...of) => evaluateLayer(...of),
    replayOptimizer: async (...of) => replayOptimizer(...of),
  },
  float32: onRuntime(backend),
});

interface Replaying {
  backend: Backend;
  engines: Engines;
}

const named = (name: string, params: object): string =>
  Object.keys(params).length > 0 ? `${name} ${JSON.stringify(params)}` : name;

/** One outcome: `check` gives the differences it finds. An error is a difference too: the reference has numbers there. */
async function outcome<R>(
  what: string,
  engine: Engine,
  of: Found<R>,
  check: (found: R) => Promise<(string | undefined)[]>,
): Promise<Outcome> {
  if ("missing" in of) return { what, engine, status: "missing", detail: of.missing };
  const differences = await check(of.found).catch((error: Error) => [error.message]);
  const detail = differences.filter((text) => text !== undefined).join("; ");
  return { what, engine, status: detail ? "differs" : "agrees", detail };
}

const ENGINES: readonly Engine[] = ["float64", "float32"];

async function* losses({ cases }: GoldenOf<"losses">, { engines }: Replaying): AsyncGenerator<Outcome> {
  for (const given of cases) {
    for (const { loss, params, value, per_sample, grad, nondiff, f32_ratio } of given.results) {
      const of = counterpart(mapping.losses, loss, params, given);
      for (const engine of ENGINES) {
        // Where float32 is hard, the reference's own float32 misses the tolerance by a factor.
        const ease = engine === "float32" && f32_ratio ? 2 * Math.max(1, f32_ratio) : 1;
        const tolerance: Tolerance = (...of) => ease * tolerances[engine].arrays(...of);
        yield outcome(`${given.name}: ${named(loss, params)}`, engine, of, async ({ spec, soft }) => {
          const input: LossInput = {
            logits: given.z,
            targets: soft ? given.soft_target! : given.y,
            ...(given.counts && { classCounts: given.counts }),
          };
          const got = await engines[engine].evaluateLoss(spec, input);
          return [
            difference("value", [got.mean], value, tolerance),
            difference("per_sample", got.perExample, per_sample, tolerance),
            nondiff ? undefined : difference("grad", got.gradLogits.flat(), grad.values, tolerance),
          ];
        });
      }
    }
  }
}

async function* activations({ cases }: GoldenOf<"activations">, { engines }: Replaying): AsyncGenerator<Outcome> {
  for (const { name, params, x, y, dy, nondiff_x } of cases) {
    for (const engine of ENGINES) {
      const of = counterpart(mapping.activations, name, params, undefined);
      yield outcome(named(name, params), engine, of, async ({ spec, slack = 0 }) => {
        const tolerance: Tolerance = (...of) => slack + tolerances[engine].activations(...of);
        const got = await engines[engine].evaluateActivation(spec, x);
        const smooth = x.map((at) => !nondiff_x.includes(at));
        const kept = (values: number[]): number[] => values.filter((_, i) => smooth[i]);
        return [difference("y", got.y, y, tolerance), difference("dy", kept(got.dy), kept(dy), tolerance)];
      });
    }
  }
}

async function* optimizers({ cases }: GoldenOf<"optimizers">, { engines }: Replaying): AsyncGenerator<Outcome> {
  for (const { optimizer, params, problem, x0, grads, x } of cases) {
    for (const engine of ENGINES) {
      const of = counterpart(mapping.optimizers, optimizer, params, undefined);
      yield outcome(`${problem}: ${named(optimizer, params)}`, engine, of, async (spec) => {
        const path = await engines[engine].replayOptimizer(spec, x0, grads);
        return [difference("x", path.flat(), x.flat(), tolerances[engine].optimizers)];
      });
    }
  }
}

async function* layers({ cases }: GoldenOf<"layers">, { engines }: Replaying): AsyncGenerator<Outcome> {
  for (const given of cases) {
    for (const engine of ENGINES) {
      const of = counterpart(mapping.layers, given.layer, given.config, given);
      yield outcome(named(given.layer, given.config), engine, of, (spec) =>
        layer(spec, given, engine, engines[engine]),
      );
    }
  }
}

async function layer(spec: SpecInput, given: LayerCase, engine: Engine, functions: Engines[Engine]) {
  const tensors = {
    ...(given.weight && { weight: given.weight }),
    ...(given.bias && { bias: given.bias }),
    ...(given.running_mean_before && { mean: given.running_mean_before }),
    ...(given.running_var_before && { variance: given.running_var_before }),
  };
  const got = await functions.evaluateLayer(spec, {
    shape: given.x.shape,
    x: given.x.values,
    tensors,
    gradOut: given.grad_out,
    training: given.config.mode !== "eval",
  });
  const compared = (what: string, values: number[] | undefined, expected: number[] | undefined) =>
    expected && difference(what, values ?? [], expected, tolerances[engine].arrays);
  return [
    compared("out", got.y, given.out),
    compared("grad_x", got.gradX, given.nondiff ? undefined : given.grad_x),
    compared("grad_weight", got.gradients.weight, given.grad_weight),
    compared("grad_bias", got.gradients.bias, given.grad_bias),
    compared("running_mean_after", got.buffers.mean ?? given.running_mean_before, given.running_mean_after),
    compared("running_var_after", got.buffers.variance ?? given.running_var_before, given.running_var_after),
  ];
}

// ---- training

/** A model layer by layer, with our names of its tensors by theirs. */
function modelOf({
  layers,
}: GoldenOf<"training">["models"][string]): Found<{ spec: SpecInput; names: Map<string, string> }> {
  const list: SpecInput[] = [];
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { type, name, ...config } of layers) {
    const of = counterpart(mapping.layers, type, config, {});
    if ("missing" in of) return of;
    const ours = typeof of.found === "string" ? of.found : Object.keys(of.found)[0];
    counts.set(ours, (counts.get(ours) ?? 0) + 1);
    if (name) names.set(name, `${ours}${counts.get(ours)}`);
    list.push(of.found);
  }
  return { found: { spec: { layers: list }, names } };
}

/** All that was found, or the first thing that is missing. */
function together<T extends Record<string, unknown>>(parts: { [K in keyof T]: Found<T[K]> }): Found<T> {
  const missing = Object.values(parts).find((part) => "missing" in part);
  if (missing) return missing as { missing: string };
  return {
    found: Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, (v as { found: unknown }).found])) as T,
  };
}

async function* training({ cases, models }: GoldenOf<"training">, { backend }: Replaying): AsyncGenerator<Outcome> {
  for (const given of cases) {
    const model = models[given.model];
    const of = together({
      model: modelOf(model),
      loss: mapping.trainingLoss(given.loss),
      activation: counterpart(mapping.activations, given.activation, {}, undefined),
      optimizer: counterpart(mapping.optimizers, given.optimizer, given.optimizer_params, undefined),
    });
    const what = `${given.model}, ${given.loss}, ${given.activation}, ${named(given.optimizer, given.optimizer_params)}`;
    yield outcome(what, "float32", of, async ({ model: { spec, names }, loss, activation, optimizer }) => {
      const ours = (name: string): string => {
        const [layer, ...rest] = name.split(".");
        return [names.get(layer) ?? layer, ...rest].join(".");
      };
      const replay = (optimizer: SpecInput, batches: number[][]) =>
        replayTraining(backend, {
          model: spec,
          activation: activation.spec,
          loss,
          optimizer,
          shape: model.X.shape.slice(1),
          classes: Number(model.layers.findLast(({ out }) => out !== undefined)?.out),
          inputs: model.X.values,
          targets: model.y,
          batches,
          parameters: Object.fromEntries(Object.entries(model.params).map(([name, values]) => [ours(name), values])),
        });
      const steps = given.losses.length;
      const got = await replay(optimizer, model.batches.slice(0, steps));
      // One step of plain descent at rate 1 moves the parameters by the first gradients.
      const moved = await replay({ sgd: { learningRate: 1 } }, model.batches.slice(0, 1));
      const { loss: lossTolerance, parameters: tolerance } = ofTraining(given.float32_dev);
      return [
        difference("losses", got.losses, given.losses, lossTolerance),
        difference("final_loss_all", [got.final.loss], [given.final_loss_all], lossTolerance),
        difference(
          "final_correct",
          [Math.round(got.final.accuracy * model.y.length)],
          [given.final_correct],
          () => 0.5,
        ),
        ...Object.entries(given.final_params).map(([name, values]) =>
          difference(`final_params.${name}`, got.parameters[ours(name)] ?? [], values, tolerance),
        ),
        ...Object.entries(given.first_grads).map(([name, values]) => {
          const after = moved.parameters[ours(name)] ?? [];
          const gradient = model.params[name].map((before, i) => before - after[i]);
          return difference(`first_grads.${name}`, gradient, values, tolerances.float32.arrays);
        }),
      ];
    });
  }
}

// ---- metrics and statistics

const flatNumbers = (value: unknown): number[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(flatNumbers) : [Number(value)];

async function* metrics({ cases }: GoldenOf<"metrics">): AsyncGenerator<Outcome> {
  for (const given of cases) {
    const classified: mapping.Classified = {
      confusion: confusionMatrix(given.y_true, given.y_pred, given.C),
      targets: given.y_true,
      probabilities: given.proba ?? [],
    };
    for (const [name, expected] of Object.entries(given.metrics)) {
      if (name.endsWith("_reason")) continue; // words on why another is undefined
      const of = counterpart(mapping.metrics, name, classified, expected);
      yield outcome(`${given.name}: ${name}`, "float64", of, async (values) => [
        difference(name, values, flatNumbers(expected), exact),
      ]);
    }
  }
}

async function* statistics({ cases }: GoldenOf<"statistics">): AsyncGenerator<Outcome> {
  for (const { kind, input, output, tolerance_abs: drawn } of cases) {
    const usual = kind === "t_quantile" ? ofQuantiles : exact;
    const tolerance: Tolerance = (...of) => Math.max(drawn ?? 0, usual(...of));
    const all = counterpart(mapping.statistics, kind, input, undefined);
    for (const [name, expected] of Object.entries(output)) {
      const own = "found" in all && !(name in all.found) ? { missing: `${kind}.${name}` } : all;
      yield outcome(`${kind}: ${name}`, "float64", own, async (found) => [
        difference(name, flatNumbers(found[name]), flatNumbers(expected), tolerance),
      ]);
    }
  }
}

const replays = { losses, activations, optimizers, layers, training, metrics, statistics } satisfies {
  [K in Kind]: (content: GoldenOf<K>, replaying: Replaying) => AsyncGenerator<Outcome>;
};

/** Everything of a file, one after the other. */
export function replay(file: GoldenFile, backend: Backend): AsyncGenerator<Outcome> {
  if (file.kind === null) throw new Error(`${file.name} is not a golden file`);
  const run = replays[file.kind] as (content: unknown, replaying: Replaying) => AsyncGenerator<Outcome>;
  return run(file.content, { backend, engines: enginesOf(backend) });
}
