/** The JSON Schema of study files, for editors: completion and checks while one types. */
import { z } from "zod";
import * as sources from "../data/datasets/index.ts";
import { definitionOf, type Entry } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import * as initializers from "../zoo/initializers/index.ts";
import * as layers from "../zoo/layers/index.ts";
import { dataSchema, entryFields, numberSchema, seedsSchema } from "./spec.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  void $schema;
  return rest;
};

/** One value or a list of them. */
const orList = (schema: Json): Json => ({ anyOf: [schema, { type: "array", items: schema, minItems: 1 }] });

const parameters = (params: Record<string, z.ZodType>): Json => ({
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, orList(schemaOf(schema))])),
});

function entrySchema(kind: string, description: string): Json {
  return { description, ...orList({ $ref: definitionOf(kind) }) };
}

/** What may stand for one member of a kind. */
function memberSchema(members: Record<string, Entry>): Json {
  const named = Object.values(members).map((entry): Json => {
    const record = parameters(entry.params);
    if (entry.others) record.additionalProperties = orList(schemaOf(entry.others));
    const primary = entry.primary && orList(schemaOf(entry.params[entry.primary]));
    return {
      type: "object",
      additionalProperties: entry.others ? orList(schemaOf(entry.others)) : false,
      required: [entry.name],
      properties: { [entry.name]: { description: entry.summary, anyOf: primary ? [record, primary] : [record] } },
    };
  });
  return { anyOf: [{ enum: Object.keys(members) }, ...named] };
}

export function studyJsonSchema(zoo: Zoo): Json {
  const names = Object.values(sources).map((s) => s.name);
  const data = parameters(dataSchema);
  (data.properties as Json).set = orList({ enum: names });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "losslab study",
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", pattern: "^[\\w-]+$", description: "letters, digits and dashes" },
      description: { type: "string" },
      data: orList({ anyOf: [{ enum: names }, data] }),
      ...Object.fromEntries(
        Object.entries(entryFields).map(([field, { description }]) => [field, entrySchema(field, description)]),
      ),
      ...Object.fromEntries(Object.entries(numberSchema).map(([field, schema]) => [field, orList(schemaOf(schema))])),
      seeds: schemaOf(seedsSchema),
    },
    $defs: {
      ...Object.fromEntries(
        Object.entries(entryFields).map(([field, { zoo: kind }]) => [
          field,
          memberSchema(zoo[kind] as Record<string, Entry>),
        ]),
      ),
      layer: memberSchema(layers),
      initializer: memberSchema(initializers),
    },
  };
}
