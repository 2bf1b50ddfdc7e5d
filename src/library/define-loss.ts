/** A loss of one's own: a function over expressions, differentiated for its author. */
import { z } from "zod";
import type { Expr } from "../tensor/index.ts";
import { UserError } from "../util/errors.ts";
import type { Loss, LossContext, LossTerms } from "../zoo/losses/loss.ts";

/** A number with its default and its bounds, or a schema of zod for anything else. */
export type OwnParameter = { default: number; min?: number; max?: number; description?: string } | z.ZodType;

export interface OwnLoss {
  /** The name in tables; letters, digits, `-` and `_`. */
  name: string;
  title?: string;
  summary?: string;
  formula?: string;
  reference?: string;
  params?: Record<string, OwnParameter>;
  /**
   * @param logits [N, C]
   * @param targets [N, C], one-hot for plain labels
   * @returns losses of the examples, [N]
   */
  // biome-ignore lint/suspicious/noExplicitAny: parameters have the types that their author gave them
  perExample: (logits: Expr, targets: Expr, params: any, context: LossContext) => Expr | LossTerms;
}

const isSchema = (p: OwnParameter): p is z.ZodType => p instanceof z.ZodType || "_zod" in p;

function schemaOf(parameter: OwnParameter): z.ZodType {
  if (isSchema(parameter)) return parameter;
  let schema = z.number();
  if (parameter.min !== undefined) schema = schema.min(parameter.min);
  if (parameter.max !== undefined) schema = schema.max(parameter.max);
  return schema.default(parameter.default).describe(parameter.description ?? "");
}

/**
 * Makes a loss that a study can name by its file:
 *
 *     // cubic.mjs
 *     import { defineLoss, ops } from "losslab";
 *     export default defineLoss({
 *       name: "cubic",
 *       perExample: (logits, targets) => ops.sum(ops.pow(ops.abs(ops.sub(ops.softmax(logits), targets)), 3), [-1]),
 *     });
 *
 * and `losslab run study.yaml --allow-code` with `loss: [ce, ./cubic.mjs]`.
 */
export function defineLoss({ name, title = name, summary = "", params = {}, ...rest }: OwnLoss): Loss {
  if (!/^[A-Za-z][\w-]*$/.test(name))
    throw new UserError(`a loss cannot be called "${name}"; expected letters, digits, - and _`);
  return {
    name,
    title,
    summary,
    params: Object.fromEntries(Object.entries(params).map(([key, p]) => [key, schemaOf(p)])),
    laws: {},
    ...rest,
  };
}
