import { z } from "zod";
import { reshape } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { suggest } from "../../util/nearest.ts";
import { parseFormula } from "./formula/grammar.ts";
import { meaning, names } from "./formula/meaning.ts";
import { numeric, type Quantity } from "./formula/quantity.ts";
import { loss } from "./loss.ts";

/**
 * A loss from a formula of one's own, differentiated like any other.
 *   `{ formula: "-(1 - p)^g * log(p)", g: 2 }`
 * Names: `p` the target's probability, `z` its logit, `margin` the target's logit less the largest other; `probs`, `logits`, `onehot`
 * one number for each class, which `sum()`, `mean()`, `max()`, `min()` reduce; `C` the number of classes. Other names are parameters.
 */
export const formula = loss({
  name: "formula",
  title: "formula",
  summary: 'A loss from a formula of your own: { formula: "-(1 - p)^g * log(p)", g: 2 }.',
  primary: "expression",
  params: {
    expression: z
      .string()
      .min(1)
      .describe("of p, z, margin, probs, logits, onehot, C, numbers, your own names, + - * / ^, log, exp, sum, max …"),
  },
  others: z.number().describe("a parameter of the formula"),
  examples: [
    { expression: "-(1 - p)^g * log(p)", g: 2 },
    { expression: "-(1 - p)^g * log(p)", g: 0.5 },
    { expression: "(1 - p^q) / q", q: 0.7 },
    { expression: "p > 1/tau ? -log(p) : 1 + log(tau) - tau * p", tau: 10 },
    { expression: "sum((probs - onehot)^2)" },
    { expression: "max(0, 1 - margin)" },
    { expression: "-log(sum(onehot * probs))" },
    { expression: "log(1 + exp(-margin)) + mean(abs(tanh(logits)))" },
    { expression: "-log(1 - max((1 - onehot) * probs))" },
    { expression: "sum(-probs * log(probs)) - log(sigmoid(z))" },
  ],
  perExample(logits, targets, { expression, ...parameters }, context) {
    const used = new Set<string>();
    const nameOf = (name: string): Quantity | undefined => {
      used.add(name);
      if (Object.hasOwn(names, name)) return names[name](logits, targets, context);
      return Object.hasOwn(parameters, name) ? numeric((parameters as Record<string, number>)[name]) : undefined;
    };
    const { value } = meaning(parseFormula(expression), nameOf, context.classes);
    for (const name of Object.keys(parameters)) {
      if (Object.hasOwn(names, name)) throw new UserError(`"${name}" already means something in formulas`);
      if (!used.has(name)) throw new UserError(`the formula does not use "${name}"`, undefined, suggest(name, used));
    }
    if (value.shape.at(-1) === context.classes)
      throw new UserError(
        "the formula gives one number for each class",
        undefined,
        "sum(), mean(), max() or min() make one of them",
      );
    if (value.shape.length === 0)
      throw new UserError(
        "the formula is the same number for all examples",
        undefined,
        `it uses none of ${Object.keys(names).join(", ")}`,
      );
    return reshape(value, [logits.shape[0]]);
  },
  laws: {
    equals: [
      { at: { expression: "-log(p)" }, loss: { ce: {} } },
      { at: { expression: "-(1 - p)^g * log(p)", g: 2 }, loss: { focal: 2 } },
      { at: { expression: "-(1 - p)^g * log(p)", g: 0.5 }, loss: { focal: 0.5 } },
      { at: { expression: "(1 - p^q) / q", q: 0.7 }, loss: { generalizedCe: 0.7 } },
      { at: { expression: "p > 1/tau ? -log(p) : 1 + log(tau) - tau * p", tau: 10 }, loss: { phuberCe: 10 } },
      { at: { expression: "sum((probs - onehot)^2)" }, loss: { brier: {} } },
      { at: { expression: "log(p) / sum(log(probs))" }, loss: { normalizedCe: {} } },
      {
        at: { expression: "sum(onehot * softplus(-logits) + (1 - onehot) * softplus(logits))" },
        loss: { binaryCe: {} },
      },
      { at: { expression: "-log(p) - 2^-1 * -(1 - p)" }, loss: { poly1: 0.5 } },
    ],
  },
  label: ({ expression, ...parameters }: Record<string, unknown>) =>
    [expression, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(", "),
});
