/** The question as data: what a study file may say. The contract of files, of `runStudy` and of the JSON Schema. */
import { z } from "zod";
import type { StudyClaim } from "../claims/claim.ts";
import type { Imbalance } from "../data/imbalance/imbalance.ts";
import * as imbalances from "../data/imbalance/index.ts";
import * as noises from "../data/noise/index.ts";
import type { LabelNoise } from "../data/noise/noise.ts";
import { preprocessingKinds } from "../data/preprocess.ts";
import type { SpecInput } from "../library/plain.ts";
import type { Objective, SplitName } from "../run/observations.ts";
import type { MeasureSpec, Spec } from "../run/records.ts";
import type { Spending } from "../stats/group-sequential.ts";
import type { TuneInput } from "./tune/tune.ts";

/** An amount of examples: a whole number, or a fraction below 1. */
const amount = (description: string) =>
  z
    .number()
    .min(0)
    .refine((v) => v < 1 || Number.isInteger(v), "must be a whole number, or a fraction below 1")
    .describe(description);

/** The same, but not none. */
const someOf = (description: string) =>
  amount("")
    .refine((v) => v > 0, "must be > 0")
    .nullable()
    .default(null)
    .describe(description);

/** Which examples are used, and how they reach the network. What is optional here is left out where a study does not say it. */
export const dataSchema = {
  set: z
    .string()
    .default("digits")
    .describe(
      "name of the data set (losslab list datasets), or the path of your own: ./flowers, ./iris.csv, ./shapes.npz",
    ),
  label: z
    .string()
    .optional()
    .describe("own tables: the column of the classes; without it the one called label, class or target"),
  ignore: z
    .union([z.string(), z.array(z.string()).min(1)], { error: "must be the name of a column or a list of names" })
    .optional()
    .describe("own tables: columns that are no features"),
  resize: z
    .union(
      [
        z.number().int().min(1).max(1024),
        z.tuple([z.number().int().min(1).max(1024), z.number().int().min(1).max(1024)]),
      ],
      {
        error: "must be a side in pixels, or [height, width]",
      },
    )
    .optional()
    .describe("own pictures: scale all to this side, or to [height, width]"),
  spread: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("points in the plane: standard deviation about their curve; without it the data set's own"),
  validation: amount("examples carved from the training set: a number, or a fraction below 1; 0 for none").default(0.1),
  fold: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("which of the parts of its size the validation split is, from 0; the first where it is not said"),
  scale: z
    .enum(preprocessingKinds)
    .optional()
    .describe(
      "pixels as 0…1 (unit, the default), by the training split's mean and deviation (standardize, the default of tables), -1…1 (signed), as they are (none)",
    ),
  train: someOf("use only so many training examples: a number, or a fraction below 1"),
  test: someOf(
    "use only so many test examples: a number, or a fraction below 1; of own data without a test part, carve so many (0.2)",
  ),
  balanced: z
    .boolean()
    .optional()
    .transform((balanced) => (balanced === false ? balanced : undefined))
    .describe("train and test take equally from all classes (true, the default), or in proportion"),
  splitSeed: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("seed of the test and validation splits and of subsets; the same for all trials"),
};

/** Fields of `data` that name a condition under which is trained, or `none`. */
export const conditionFields = {
  labelNoise: {
    kinds: noises as unknown as Record<string, LabelNoise>,
    word: "label noise",
    description: "how labels of the training split are made wrong",
  },
  imbalance: {
    kinds: imbalances as unknown as Record<string, Imbalance>,
    word: "imbalance",
    description: "how examples of some classes of the training split are made rare",
  },
} as const;

export type ConditionField = keyof typeof conditionFields;

/** What a study says of data, checked. A condition stands there with all its parameters, or not at all. */
export type DataSpec = z.output<z.ZodObject<typeof dataSchema>> & { [F in ConditionField]?: Spec };

const wholeNumber = (description: string, byDefault: number) =>
  z.number().int().min(1).default(byDefault).describe(description);

/** Fields that are plain numbers. */
export const numberSchema = {
  epochs: wholeNumber("times through the training data", 20),
  batchSize: wholeNumber("examples of a mini-batch", 100),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("decay of the moving average of the weights by which networks are evaluated; 0: the weights themselves"),
};

/** Fields that name a member of the zoo, what such a member is called, and what stands there when a study does not say. */
export const entryFields = {
  model: {
    kind: "model",
    zoo: "models",
    byDefault: "mlp",
    description: "network: linear, mlp, lenet, cnn, resnet, or layers one by one",
  },
  activation: {
    kind: "activation",
    zoo: "activations",
    byDefault: "relu",
    description: "activation between the layers",
  },
  loss: { kind: "loss", zoo: "losses", byDefault: "ce", description: "what training minimizes" },
  optimizer: {
    kind: "optimizer",
    zoo: "optimizers",
    byDefault: "sgd",
    description: "how the weights follow the gradient",
  },
  clip: {
    kind: "clipping",
    zoo: "clippings",
    byDefault: "none",
    description: "what is done to gradients that are too large",
  },
  augment: {
    kind: "augmentation",
    zoo: "augmentations",
    byDefault: "none",
    description: "how training examples are changed at random",
  },
  schedule: { kind: "schedule", zoo: "schedules", byDefault: "constant", description: "learning rate over the epochs" },
  warmStart: {
    kind: "warm start",
    zoo: "warmStarts",
    byDefault: "fresh",
    description: "fresh weights, or those that a training by another optimizer left",
  },
} as const;

export type EntryField = keyof typeof entryFields;

export const seedsSchema = z
  .union([z.number().int().min(1).max(10_000), z.array(z.number().int().min(0)).min(1)], {
    error: "must be a number of seeds or a list of whole numbers >= 0",
  })
  .describe("how many seeds (0, 1, …), or a list of them");

export const fuseSchema = z
  .boolean()
  .default(true)
  .describe("whether trials that can train in one graph do; false: each alone, so that its seconds are its own");

/** Fields that may be factors, in the order in which their values vary: the last fastest. */
export const factorFields = [
  "data",
  "model",
  "activation",
  "optimizer",
  "clip",
  "augment",
  "schedule",
  "warmStart",
  "epochs",
  "batchSize",
  "ema",
  "loss",
  "seeds",
] as const;

/** Every field of a study that says how it trains. */
export const studyFields = [...factorFields, "fuse", "pictures"] as const;

type OrList<T> = T | readonly T[];

/** What stands at `data`; a condition may be `"none"`. */
type DataInput = { [K in keyof typeof dataSchema]?: OrList<z.input<(typeof dataSchema)[K]>> } & {
  [F in ConditionField]?: OrList<SpecInput>;
};

/** A study as TypeScript has it. A list in any place is a factor of the comparison. */
export interface StudySpec {
  /** Letters, digits and dashes. */
  name: string;
  description?: string;
  data?: OrList<string | DataInput>;
  model?: OrList<SpecInput>;
  activation?: OrList<SpecInput>;
  loss?: OrList<SpecInput>;
  optimizer?: OrList<SpecInput>;
  clip?: OrList<SpecInput>;
  augment?: OrList<SpecInput>;
  schedule?: OrList<SpecInput>;
  warmStart?: OrList<SpecInput>;
  epochs?: OrList<number>;
  batchSize?: OrList<number>;
  ema?: OrList<number>;
  seeds?: number | readonly number[];
  /** How long seeds are added, in looks, instead of training a fixed number: see docs/studies.md. */
  until?:
    | "decided"
    | {
        decided: number | { maxSeeds?: number; perLook?: number; spending?: Spending; futility?: "say" | "stop" };
      };
  fuse?: boolean;
  /** Pictures that the report shows beside its own. */
  pictures?: OrList<SpecInput>;
  /** Sentences about the trials, each with its test: see docs/reports.md. */
  claims?: readonly StudyClaim[];
  /** Hyperparameters that are chosen for each configuration by itself, and with how much effort: see docs/studies.md. */
  tune?: TuneInput;
  /** What is measured beyond the usual; a word says when probabilities are. */
  measure?:
    | When
    | (MeasureSpec & {
        probabilities?: When;
        splits?: SplitName[];
        topK?: number[];
        bins?: number;
        threshold?: number | null;
        predictions?: boolean;
        labelIssues?: boolean;
      });
  /** Whether networks are looked into while they train: gradients, weights and updates of layers, dead and saturated units. */
  diagnostics?: boolean;
  /** What is done to the test examples of the trained trials; true for all corruptions. */
  robustness?:
    | boolean
    | {
        corruptions?: OrList<string>;
        severities?: OrList<number>;
        noise?: OrList<number>;
        attacks?: OrList<SpecInput>;
        objective?: Objective;
        examples?: number | null;
        seed?: number;
      };
}

type When = "last" | "each" | "none";
