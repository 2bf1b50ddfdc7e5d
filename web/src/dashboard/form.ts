/** The study that a form describes, as a file. */
import { stringify } from "yaml";

/** What can be named, out of the JSON Schema of studies. */
export interface Choices {
  data: string[];
  model: string[];
  loss: string[];
  optimizer: string[];
}

export interface Form {
  name: string;
  data: string;
  train: number | null;
  test: number | null;
  model: string;
  losses: string[];
  optimizer: string;
  learningRate: number | null;
  epochs: number;
  batchSize: number;
  seeds: number;
}

export const emptyForm: Form = {
  name: "my-study",
  data: "digits",
  train: null,
  test: null,
  model: "mlp",
  losses: ["ce", "focal"],
  optimizer: "sgd",
  learningRate: 0.1,
  epochs: 10,
  batchSize: 100,
  seeds: 3,
};

type Schema = {
  enum?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  $ref?: string;
  properties?: Record<string, Schema>;
};

/** All words that a schema lets stand at a place. */
function words(schema: Schema | undefined): string[] {
  if (!schema) return [];
  return [...new Set([...(schema.enum ?? []), ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(words)])];
}

export function choicesOf(schema: unknown): Choices {
  const { properties = {}, $defs } = schema as Schema & { $defs: Record<string, Schema> };
  const members = (kind: string): string[] => words($defs[kind]);
  return {
    data: words(properties.data),
    model: members("model"),
    loss: members("loss"),
    optimizer: members("optimizer"),
  };
}

export function yamlOf({
  name,
  data,
  train,
  test,
  model,
  losses,
  optimizer,
  learningRate,
  epochs,
  batchSize,
  seeds,
}: Form): string {
  const parts = { ...(train !== null && { train }), ...(test !== null && { test }) };
  const study = {
    name,
    data: Object.keys(parts).length > 0 ? { set: data, ...parts } : data,
    model,
    loss: losses,
    optimizer: learningRate === null ? optimizer : { [optimizer]: { learningRate } },
    epochs,
    batchSize,
    seeds,
  };
  return stringify(study, { flowCollectionPadding: true });
}
