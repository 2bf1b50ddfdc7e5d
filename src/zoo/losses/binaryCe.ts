import { add, mul, neg, softplus, sub, sum } from "../../tensor/index.ts";
import { choice } from "../entry.ts";
import { loss } from "./loss.ts";

/**
 * Binary cross-entropy of each class against the rest.   L = -Σ_k t_k log σ(z_k) + (1 - t_k) log(1 - σ(z_k)),   σ the logistic function
 * Cox, 1958; one against the rest: Rifkin and Klautau, 2004. With `classes: mean` as torch.nn.BCEWithLogitsLoss.
 */
export const binaryCe = loss({
  name: "binaryCe",
  title: "binary CE",
  summary: "Binary cross-entropy of each class against the rest, on logistic functions instead of the softmax.",
  formula: "-\\sum_k t_k \\log\\sigma(z_k) + (1-t_k) \\log(1-\\sigma(z_k))",
  reference: "Cox, 1958; Rifkin and Klautau, 2004",
  params: { classes: choice("how the terms of the C classes are combined", ["sum", "mean"]) },
  perExample(logits, targets, { classes }, context) {
    const terms = add(mul(targets, softplus(neg(logits))), mul(sub(1, targets), softplus(logits)));
    const total = sum(terms, [-1]);
    return classes === "mean" ? mul(total, 1 / context.classes) : total;
  },
  laws: { nonNegative: true, distributions: true },
});
