import { z } from "zod";
import type { Expr } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { plural } from "../../util/format.ts";
import { classRow, type LossContext } from "./loss.ts";

/** Weights of the classes: none, a list of C numbers, or the reciprocal of their frequency in the training split. */
export const classWeights = z
  .union([z.literal("none"), z.literal("inverse-frequency"), z.array(z.number().min(0)).min(1)], {
    error: "must be none, inverse-frequency or a list of one number >= 0 for each class",
  })
  .default("none")
  .describe("weights of the classes: none, inverse-frequency or a list");

/** n / (C·n_k): 1 for every class when the classes are equally many. A class without examples has weight 0. */
export function inverseFrequencies({ classCounts, classes }: LossContext): number[] {
  const total = classCounts.reduce((a, b) => a + b, 0);
  return classCounts.map((n) => (n === 0 ? 0 : total / (classes * n)));
}

export function listFor(what: string, values: readonly number[], { classes }: LossContext): readonly number[] {
  if (values.length === classes) return values;
  throw new UserError(
    `${what}: a list of ${plural(values.length, "number")} for ${classes} classes; expected one for each class`,
  );
}

/** [1, C], or undefined without weights. */
export function weightsRow(weights: z.output<typeof classWeights>, context: LossContext): Expr | undefined {
  if (weights === "none") return undefined;
  if (weights === "inverse-frequency") return classRow(inverseFrequencies(context));
  return classRow(listFor("weights", weights, context));
}
