/** The question as data: what a study file may say. The contract of files, of `runStudy` and of the JSON Schema. */
import { z } from "zod";
import { preprocessingKinds } from "../data/preprocess.ts";
import type { SpecInput } from "../library/plain.ts";
import type { MeasureSpec } from "../run/records.ts";

/** Which examples are used, and how they reach the network. */
export const dataSchema = {
  set: z
    .string()
    .default("digits")
    .describe("name of the data set: digits, mnist, fashion-mnist, kmnist, cifar10, cifar100"),
  validation: z
    .number()
    .min(0)
    .default(0.1)
    .describe("examples carved from the training set: a number, or a fraction below 1; 0 for none"),
  scale: z
    .enum(preprocessingKinds)
    .default("unit")
    .describe(
      "pixels as 0…1 (unit), by the training split's mean and deviation (standardize), -1…1 (signed), 0…255 (none)",
    ),
  train: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("use only so many training examples, equally from all classes"),
  test: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("use only so many test examples, equally from all classes"),
  splitSeed: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("seed of the validation split and of subsets; the same for all trials"),
};

export type DataSpec = z.output<z.ZodObject<typeof dataSchema>>;

const wholeNumber = (description: string, byDefault: number) =>
  z.number().int().min(1).default(byDefault).describe(description);

/** Fields that are plain numbers. */
export const numberSchema = {
  epochs: wholeNumber("times through the training data", 20),
  batchSize: wholeNumber("examples of a mini-batch", 100),
};

/** What is measured in each epoch beyond the usual. No factor: it is the same for all trials. */
export const measureSchema = {
  trainLast: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("training figures over the last so many examples of each epoch, instead of over all"),
  testNoise: z
    .number()
    .positive()
    .optional()
    .describe("measure the test split also with normal noise of this deviation added to the network's inputs"),
};

/** Fields that name a member of the zoo, and what stands there when a study does not say. */
export const entryFields = {
  model: {
    zoo: "models",
    byDefault: "mlp",
    description: "network: linear, mlp, lenet, cnn, resnet, or layers one by one",
  },
  activation: { zoo: "activations", byDefault: "relu", description: "activation between the layers" },
  loss: { zoo: "losses", byDefault: "ce", description: "what training minimizes" },
  optimizer: { zoo: "optimizers", byDefault: "sgd", description: "how the weights follow the gradient" },
  clip: { zoo: "clippings", byDefault: "none", description: "what is done to gradients that are too large" },
  schedule: { zoo: "schedules", byDefault: "constant", description: "learning rate over the epochs" },
  warmStart: {
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

/** Every field of a study; those that may be factors in the order in which their values vary: the last fastest. */
export const studyFields = [
  "data",
  "model",
  "activation",
  "optimizer",
  "clip",
  "schedule",
  "warmStart",
  "epochs",
  "batchSize",
  "loss",
  "seeds",
  "measure",
] as const;

type OrList<T> = T | readonly T[];

/** A study as TypeScript has it. A list in any place is a factor of the comparison. */
export interface StudySpec {
  /** Letters, digits and dashes. */
  name: string;
  description?: string;
  data?: OrList<{ [K in keyof DataSpec]?: OrList<DataSpec[K]> }>;
  model?: OrList<SpecInput>;
  activation?: OrList<SpecInput>;
  loss?: OrList<SpecInput>;
  optimizer?: OrList<SpecInput>;
  clip?: OrList<SpecInput>;
  schedule?: OrList<SpecInput>;
  warmStart?: OrList<SpecInput>;
  epochs?: OrList<number>;
  batchSize?: OrList<number>;
  measure?: MeasureSpec;
  seeds?: number | readonly number[];
}
