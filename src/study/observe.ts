/** What a study asks of its trials beyond their training: measures, robustness. It is no factor, and changes no number of a training. */
import { z } from "zod";
import * as corruptions from "../corruptions/index.ts";
import type { EveryEpoch, Question, SplitName } from "../run/observations.ts";
import type { MeasureSpec } from "../run/records.ts";
import type { Chosen } from "../zoo/entry.ts";
import { type Problem, problemsOf } from "../zoo/problems.ts";
import type { DataSpec } from "./spec.ts";

/** A question for every epoch is one for the last epoch too. */
export interface Observe {
  /** With each epoch's training; part of a trial's identity. */
  training: MeasureSpec;
  /** Of the trained trial. */
  last: Question[];
  /** After every epoch; part of a trial's identity, for it cannot be asked afterwards. */
  everyEpoch: EveryEpoch | null;
}

export const observeFields = ["measure", "robustness", "diagnostics"] as const;

const when = ["last", "each", "none"] as const;
const splits = ["train", "validation", "test"] as const satisfies readonly SplitName[];
const names = Object.keys(corruptions) as [string, ...string[]];
const whole = (least: number) => z.number().int().min(least);
const listOf = <T extends z.ZodType>(one: T) => z.array(one).min(1);

export const measureSchema = {
  trainLast: whole(1)
    .optional()
    .describe("training figures over the last so many examples of each epoch, instead of over all"),
  testNoise: z
    .number()
    .gt(0)
    .optional()
    .describe(
      "measure the test split in each epoch also with normal noise of this deviation on what the network is given",
    ),
  probabilities: z
    .enum(when)
    .default("last")
    .describe(
      "when log loss, Brier score, ROC-AUC, calibration and top-k are measured: after the last epoch, each, or never",
    ),
  splits: listOf(z.enum(splits))
    .nullable()
    .default(null)
    .describe("where: train, validation, test; without it validation, if there is some, and test"),
  topK: listOf(whole(1)).default([2, 5]).describe("the k of top-k accuracies"),
  threshold: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe("test accuracy, 0 to 1, until which epochs and seconds are counted; without it 95 % of each trial's own"),
  predictions: z.boolean().default(false).describe("keep which class each test example is given after the last epoch"),
  labelIssues: z
    .boolean()
    .default(false)
    .describe("count the validation labels that the trained network is confident are wrong (confident learning)"),
  bins: whole(1).default(15).describe("bins of reliability diagrams and calibration errors"),
};

const orOne = <T extends z.ZodType>(one: T) =>
  z.preprocess((said) => (Array.isArray(said) ? said : [said]), z.array(one));

export const robustnessSchema = {
  corruptions: z
    .preprocess((said) => (said === "all" ? names : Array.isArray(said) ? said : [said]), z.array(z.enum(names)))
    .default([])
    .describe("what is done to test images: all, or a list of names"),
  severities: orOne(whole(1).max(5)).default([1, 2, 3, 4, 5]).describe("of the corruptions, 1 to 5"),
  noise: orOne(z.number().gt(0))
    .default([])
    .describe("deviations of Gaussian noise on what the network is given, after scaling"),
  attacks: z.unknown().default([]).describe("fgsm, pgd, each with its epsilon"),
  objective: z
    .enum(["ce", "own"])
    .default("ce")
    .describe("the loss that attacks drive up: ce for all trials, or each trial's own"),
  examples: whole(1)
    .nullable()
    .default(1000)
    .describe("at most so many test examples, equally from all classes; null for all"),
  seed: whole(0).default(0).describe("of the examples and of all random numbers; the same for all trials"),
};

type Report = (path: Problem["path"], message: string, hint?: string, atName?: boolean) => void;
type ExpandAttacks = (said: unknown, path: Problem["path"]) => Chosen[];

/** A field's parameters, or null where there is a problem. */
function parsed<S extends z.ZodRawShape>(
  schema: S,
  said: unknown,
  field: string,
  report: Report,
): z.output<z.ZodObject<S>> | null {
  const result = z.strictObject(schema).safeParse(said);
  if (result.success) return result.data as z.output<z.ZodObject<S>>;
  for (const p of problemsOf(result.error, said, Object.keys(schema)))
    report([field, ...p.path], p.message, p.hint, p.atName);
  return null;
}

interface Measures {
  training: MeasureSpec;
  /** Of probabilities. */
  questions: Question[];
  /** After the last epoch alone. */
  once: Question[];
  each: boolean;
}

function measures(said: unknown, data: readonly DataSpec[], report: Report): Measures {
  // A bare word says when.
  const params = parsed(measureSchema, typeof said === "string" ? { probabilities: said } : said, "measure", report);
  if (!params) return { training: {}, questions: [], once: [], each: false };
  const split = data.some((d) => d.validation > 0);
  if (params.labelIssues && !split && data.length > 0)
    report(
      ["measure", "labelIssues"],
      "looks at validation labels, and the study has none",
      "data: { validation: 0.2 }",
    );
  if (params.splits?.includes("validation") && !split && data.length > 0)
    report(
      ["measure", "splits"],
      "names validation, and the study has no validation split",
      "data: { validation: 0.1 }",
    );
  const where = params.splits ?? (split ? ["validation", "test"] : ["test"]);
  const { topK, bins, probabilities, trainLast, testNoise } = params;
  return {
    training: { ...(trainLast !== undefined && { trainLast }), ...(testNoise !== undefined && { testNoise }) },
    questions: probabilities === "none" ? [] : where.map((split) => ({ kind: "probabilities", split, topK, bins })),
    once: [
      ...(params.predictions ? [{ kind: "predictions", split: "test" } as const] : []),
      ...(params.labelIssues ? [{ kind: "confidentJoint", split: "validation" } as const] : []),
    ],
    each: probabilities === "each",
  };
}

function robustness(said: unknown, expandAttacks: ExpandAttacks, report: Report): Question[] {
  if (said === false) return [];
  const params = parsed(robustnessSchema, said === true ? { corruptions: "all" } : said, "robustness", report);
  if (!params) return [];
  const { severities, noise, objective, examples, seed } = params;
  const { attacks: named } = params;
  const none = Array.isArray(named) && named.length === 0;
  const attacks = none ? [] : expandAttacks(named, ["robustness", "attacks"]);
  const disturbed = { examples, seed };
  const questions: Question[] = [
    ...params.corruptions.flatMap((name) =>
      severities.map((severity) => ({ kind: "corruption" as const, name, severity, ...disturbed })),
    ),
    ...noise.map((sigma) => ({ kind: "noise" as const, sigma, ...disturbed })),
    ...attacks.map(({ spec }) => ({ kind: "attack" as const, attack: spec, objective, ...disturbed })),
  ];
  if (questions.length === 0) {
    report(
      ["robustness"],
      "names nothing to be robust against",
      "robustness: true, or { noise: 1 }, { attacks: { fgsm: 0.1 } }",
    );
    return [];
  }
  return [{ kind: "clean", ...disturbed }, ...questions];
}

/** What a study asks for, checked. */
export function observe(
  said: Record<string, unknown>,
  data: readonly DataSpec[],
  expandAttacks: ExpandAttacks,
  report: Report,
): Observe {
  const { training, questions, once, each } = measures(said.measure ?? {}, data, report);
  const robust = robustness(said.robustness ?? false, expandAttacks, report);
  const { diagnostics = false } = said;
  if (typeof diagnostics !== "boolean")
    report(["diagnostics"], `must be true or false, got ${JSON.stringify(diagnostics)}`);
  const everyEpoch = { ...(each && { questions }), ...(diagnostics === true && { diagnose: true as const }) };
  return {
    training,
    last: [...questions, ...once, ...robust],
    everyEpoch: Object.keys(everyEpoch).length > 0 ? everyEpoch : null,
  };
}

/** Of these questions those that make sense for data as a study uses them. */
export const questionsFor = (data: Pick<DataSpec, "validation">, questions: readonly Question[]): Question[] =>
  questions.filter((q) => !("split" in q) || q.split !== "validation" || data.validation > 0);
