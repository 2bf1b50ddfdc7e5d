/** The functions of a loss: by hand where `losses.ts` has it, else written from the zoo's own expressions. */
import { type Expr, input } from "../../tensor/index.ts";
import type { Chosen } from "../../zoo/entry.ts";
import { type Loss, type LossContext, termsOf } from "../../zoo/losses/loss.ts";
import { Body } from "./generated/body.ts";
import { HELPERS, type HelperName } from "./generated/operators.ts";
import { LOSSES } from "./losses.ts";
import { definition, lines, snakeCase } from "./python.ts";

export interface LossFunction {
  name: string;
  /** Whether it gives the losses and the weights by whose sum their sum is divided. */
  weighted: boolean;
}

/** Definitions by name, in an order in which each stands behind those that it calls. */
class Definitions {
  /** @param byHand the losses that are written by hand */
  constructor(readonly byHand: typeof LOSSES) {}

  readonly texts = new Map<string, string>();
  readonly helpers = new Set<HelperName>();

  /** The name of the function with this body: of one that is there, or of a new one. */
  add(base: string, define: (name: string) => string): string {
    for (let i = 1; ; i++) {
      const name = i === 1 ? base : `${base}${i}`;
      const text = define(name);
      if (!this.texts.has(name)) this.texts.set(name, text);
      if (this.texts.get(name) === text) return name;
    }
  }
}

/** Functions of loss names would hide what Python or the script has under them. */
const RESERVED: Readonly<Record<string, string>> = { sum: "sum_of_losses" };

function bodyByHand(
  { entry, params }: Chosen<Loss>,
  context: LossContext,
  definitions: Definitions,
): { body: string; weighted: boolean } | undefined {
  const write = definitions.byHand[entry.name];
  if (!write) return undefined;
  const {
    before = [],
    loss,
    weights,
  } = write(params, {
    classes: context.classes,
    training: context.training,
    inner: (chosen) => functionOf(chosen, context, definitions),
  });
  return {
    body: lines(...before, `return ${loss}${weights ? `, ${weights}` : ""}`),
    weighted: weights !== undefined,
  };
}

function bodyFromExpressions(
  { entry, params }: Chosen<Loss>,
  context: LossContext,
  definitions: Definitions,
): { body: string; weighted: boolean } {
  const examples = context.classes + 1; // told apart from the number of classes by that alone
  const logits = input("logits", [examples, context.classes]);
  const targets = input("targets", [examples, context.classes]);
  const { perExample, weights } = termsOf(entry.perExample(logits, targets, params, context));
  const results = [perExample, ...(weights ? [weights] : [])];
  const names = new Map<Expr, string>([
    [logits, "logits"],
    [targets, "targets"],
  ]);
  const body = new Body(names, results, examples);
  const codes = results.map((x) => body.code(x).text);
  for (const helper of body.helpers) definitions.helpers.add(helper);
  return {
    body: lines(
      "targets = F.one_hot(labels, CLASSES).to(logits.dtype)",
      ...body.statements,
      `return ${codes.join(", ")}`,
    ),
    weighted: weights !== undefined,
  };
}

function functionOf(
  chosen: Chosen<Loss>,
  context: LossContext,
  definitions: Definitions,
  wanted?: string,
): LossFunction {
  const { entry } = chosen;
  const { body, weighted } =
    bodyByHand(chosen, context, definitions) ?? bodyFromExpressions(chosen, context, definitions);
  const documentation = [
    `Loss of each example${weighted ? ", and its weight in the mean" : ""}: ${entry.title}.`,
    ...(entry.reference ? [`${entry.reference}.`] : []),
  ].join(" ");
  const base = wanted ?? RESERVED[entry.name] ?? snakeCase(entry.name);
  const name = definitions.add(base, (own) => definition(`${own}(logits, labels)`, documentation, body));
  return { name, weighted };
}

export interface LossCode {
  definitions: string[];
  training: LossFunction;
  /** The same function, unless the loss has parts for training alone. */
  evaluation: LossFunction;
}

/** @param byHand the losses that are written by hand */
export function lossCode(
  chosen: Chosen<Loss>,
  context: Omit<LossContext, "training">,
  byHand: typeof LOSSES = LOSSES,
): LossCode {
  const definitions = new Definitions(byHand);
  const training = functionOf(chosen, { ...context, training: true }, definitions, "losses");
  const measured = { ...context, training: false };
  const alone = new Definitions(byHand);
  functionOf(chosen, measured, alone, "losses");
  const isSame = [...alone.texts].every(([name, text]) => definitions.texts.get(name) === text);
  const evaluation = isSame ? training : functionOf(chosen, measured, definitions, "evaluation_losses");
  const helpers = [...definitions.helpers].sort().map((name) => HELPERS[name]);
  return { definitions: [...helpers, ...definitions.texts.values()], training, evaluation };
}
