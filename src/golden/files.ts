/** The golden files: reference numbers of other programs, in files recognised by what they hold. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../util/errors.ts";

/** A nested array with its values in row-major order. */
export interface Tensor {
  shape: number[];
  values: number[];
}

/** JSON has no such numbers; words stand for them. */
const WORDS: Record<string, number> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": -Infinity };

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && Object.hasOwn(WORDS, value)) return WORDS[value];
  throw new Error("expected numbers");
}

function tensorOf(value: unknown): Tensor {
  if (!Array.isArray(value)) return { shape: [], values: [numberOf(value)] };
  const parts = value.map(tensorOf);
  const inner = parts[0]?.shape ?? [];
  if (parts.some((part) => String(part.shape) !== String(inner))) throw new Error("rows of different lengths");
  return { shape: [parts.length, ...inner], values: parts.flatMap((part) => part.values) };
}

const tensor = z.unknown().transform((value, context): Tensor => {
  try {
    return tensorOf(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const vector = tensor.transform(({ values }) => values);
const matrix = z.array(vector).min(1);
const params = z.record(z.string(), z.unknown());

const lossCase = z.looseObject({
  name: z.string(),
  z: matrix,
  y: vector,
  soft_target: matrix.optional(),
  counts: vector.optional(),
  results: z.array(
    z.looseObject({
      loss: z.string(),
      params,
      value: vector,
      per_sample: vector,
      grad: tensor,
      nondiff: z.boolean().default(false),
      f32_ratio: z.number().optional(),
    }),
  ),
});

const activationCase = z.looseObject({ name: z.string(), params, x: vector, y: vector, dy: vector, nondiff_x: vector });

const optimizerCase = z.looseObject({
  optimizer: z.string(),
  params,
  problem: z.string().default(""),
  x0: vector,
  grads: matrix,
  x: matrix,
});

const layerCase = z.looseObject({
  layer: z.string(),
  config: params,
  x: tensor,
  weight: vector.optional(),
  bias: vector.optional(),
  grad_out: vector,
  out: vector,
  grad_x: vector,
  grad_weight: vector.optional(),
  grad_bias: vector.optional(),
  running_mean_before: vector.optional(),
  running_var_before: vector.optional(),
  running_mean_after: vector.optional(),
  running_var_after: vector.optional(),
  nondiff: z.boolean().default(false),
});

const tensors = z.record(z.string(), vector);
const trainingModel = z.looseObject({
  layers: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })),
  params: tensors,
  X: tensor,
  y: vector,
  batches: matrix,
});
const trainingCase = z.looseObject({
  model: z.string(),
  loss: z.string(),
  activation: z.string(),
  optimizer: z.string(),
  optimizer_params: params,
  losses: vector,
  final_loss_all: z.number(),
  final_correct: z.number(),
  first_grads: tensors,
  final_params: tensors,
  float32_dev: z.looseObject({ loss_rel: z.number(), param_abs: z.number() }).optional(),
});

const metricsCase = z.looseObject({
  name: z.string(),
  C: z.number(),
  y_true: vector,
  y_pred: vector,
  proba: matrix.optional(),
  metrics: params,
});

const statisticsCase = z.looseObject({
  kind: z.string(),
  input: params,
  output: params,
  // Of what the reference itself drew at random.
  tolerance_abs: z.number().optional(),
});

const cases = <T extends z.ZodType>(of: T) => z.looseObject({ cases: z.array(of).min(1) });

/** What a file of each kind holds. */
const kinds = {
  losses: cases(lossCase),
  activations: cases(activationCase),
  optimizers: cases(optimizerCase),
  layers: cases(layerCase),
  training: cases(trainingCase).extend({ models: z.record(z.string(), trainingModel) }),
  metrics: cases(metricsCase),
  statistics: cases(statisticsCase),
};

export type Kind = keyof typeof kinds;
export type GoldenOf<K extends Kind> = z.output<(typeof kinds)[K]>;
export type LossCase = z.output<typeof lossCase>;
export type LayerCase = z.output<typeof layerCase>;

/** A file with its kind, or without one when it is of no kind known here. */
export type GoldenFile = { name: string } & ({ [K in Kind]: { kind: K; content: GoldenOf<K> } }[Kind] | { kind: null });

function recognise(name: string, content: unknown): GoldenFile {
  const named = Object.keys(kinds).find((kind) => `${kind}.json` === name);
  let problem = "";
  for (const [kind, schema] of Object.entries(kinds)) {
    const parsed = schema.safeParse(content);
    if (parsed.success) return { name, kind, content: parsed.data } as GoldenFile;
    const [issue] = parsed.error.issues;
    if (kind === named) problem = `${issue.path.join(".") || "the file"}: ${issue.message}`;
  }
  if (named) throw new UserError(`not a file of ${named}: ${problem}`, name);
  return { name, kind: null };
}

/** All JSON files of a directory. */
export function readGolden(directory: string): GoldenFile[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(
      `"${directory}" is not a directory`,
      undefined,
      "expected one with golden files such as losses.json",
    );
  }
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  const files = names.sort().map((name) => {
    const text = readFileSync(join(directory, name), "utf8");
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      throw new UserError(`no valid JSON: ${(error as Error).message}`, join(directory, name));
    }
    return recognise(name, content);
  });
  if (files.every((file) => file.kind === null)) {
    throw new UserError(
      `"${directory}" holds no golden files`,
      undefined,
      `expected at least one of ${Object.keys(kinds)
        .map((kind) => `${kind}.json`)
        .join(", ")}`,
    );
  }
  return files;
}
