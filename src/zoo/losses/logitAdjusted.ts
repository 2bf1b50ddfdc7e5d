import { z } from "zod";
import { add, logSoftmax, neg } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { seenCounts } from "./classCounts.ts";
import { listFor } from "./classWeights.ts";
import { atTarget, classRow, loss } from "./loss.ts";

const prior = z
  .union([z.literal("training-split"), z.array(z.number().positive()).min(1)], {
    error: "must be training-split or a list of one number > 0 for each class",
  })
  .default("training-split")
  .describe("π: how frequent the classes are; those of the training split, or a list");

/**
 * Cross-entropy of logits that are raised for frequent classes in training, so that they need not be by the model.
 *   L = CE(z + τ log π).   Menon et al., 2021, arXiv:2007.07314, eq. 10.
 */
export const logitAdjusted = loss({
  name: "logitAdjusted",
  title: "logit-adjusted CE",
  summary: "Cross-entropy with the logarithm of the classes' frequencies added to the logits, for imbalanced data.",
  formula: "\\mathrm{CE}(z + \\tau \\log \\pi)",
  reference: "Menon et al., 2021, arXiv:2007.07314, eq. 10",
  primary: "tau",
  params: { tau: number("τ: how much of the logarithm is added", { default: 1, min: 0 }), prior },
  perExample(logits, targets, { tau, prior }, context) {
    const shares = prior === "training-split" ? seenCounts(context) : listFor("prior", prior, context);
    const total = shares.reduce((a, b) => a + b, 0);
    const shift = shares.map((share) => tau * Math.log(share / total));
    return neg(atTarget(logSoftmax(add(logits, classRow(shift))), targets));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { tau: 0 }, loss: { ce: {} } }],
  },
});
