/** The JSON Schema of study files, for editors: completion and checks while one types. */
import { z } from "zod";
import { studyClaimSchema } from "../claims/claim.ts";
import * as sources from "../data/datasets/index.ts";
import { OWN_PATH } from "../data/own/path.ts";
import type { Entry } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import * as initializers from "../zoo/initializers/index.ts";
import * as layers from "../zoo/layers/index.ts";
import { definitionName, definitionOf, orList } from "../zoo/within.ts";
import { measureSchema, robustnessSchema } from "./observe.ts";
import { pictureKinds } from "./picture-kinds.ts";
import { conditionFields, dataSchema, entryFields, fuseSchema, numberSchema, seedsSchema } from "./spec.ts";
import { rangeKinds } from "./tune/range.ts";
import * as searches from "./tune/searches/index.ts";
import { tuneSchema } from "./tune/tune.ts";
import { stoppingRules } from "./until.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  void $schema;
  return rest;
};

const parameters = (params: Record<string, z.ZodType>): Json => ({
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, orList(schemaOf(schema))])),
});

/** Parameters that are no factors, some with schemas of their own. */
const plainParameters = (params: Record<string, z.ZodType>, own: Json = {}): Json => ({
  type: "object",
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, schemaOf(schema)])),
    ...own,
  },
});

function entrySchema(kind: string, description: string): Json {
  return { description, ...orList({ $ref: definitionOf(kind) }) };
}

/** What may stand for one member of a kind. */
function memberSchema(members: Record<string, Entry>, ...words: string[]): Json {
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
  return { anyOf: [{ enum: [...words, ...Object.keys(members)] }, ...named] };
}

/** `logUniform(1e-4, 1)`, or `{ logUniform: [1e-4, 1] }`. */
const rangeSchema: Json = {
  description: "a hyperparameter of the optimizer or the loss, and where it is looked for",
  anyOf: [
    { type: "string", pattern: `^\\s*(${rangeKinds.join("|")})\\s*\\(.*\\)\\s*$` },
    {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: Object.fromEntries(rangeKinds.map((kind) => [kind, { type: "array", minItems: 2 }])),
    },
  ],
};

/** A rule by its name, with its parameters or with that of its first one; nothing of it is a factor. */
function stoppingSchema(): Json {
  const rules = Object.values(stoppingRules).map(
    (rule): Json => ({
      type: "object",
      additionalProperties: false,
      required: [rule.name],
      properties: {
        [rule.name]: {
          description: rule.summary,
          anyOf: [plainParameters(rule.params), schemaOf(rule.params[rule.primary])],
        },
      },
    }),
  );
  return { anyOf: [{ enum: Object.keys(stoppingRules) }, ...rules] };
}

export function studyJsonSchema(zoo: Zoo): Json {
  const names = Object.values(sources).map((s) => s.name);
  const data = parameters(dataSchema);
  const set = { anyOf: [{ enum: names }, { type: "string", pattern: OWN_PATH.source }] };
  Object.assign(data.properties as Json, {
    set: orList(set),
    ...Object.fromEntries(
      Object.entries(conditionFields).map(([field, { kinds, description }]) => [
        field,
        { description, ...orList(memberSchema(kinds as Record<string, Entry>, "none")) },
      ]),
    ),
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "losslab study",
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", pattern: "^[\\w-]+$", description: "letters, digits and dashes" },
      description: { type: "string" },
      data: orList({ anyOf: [set, data] }),
      ...Object.fromEntries(
        Object.entries(entryFields).map(([field, { kind, description }]) => [field, entrySchema(kind, description)]),
      ),
      ...Object.fromEntries(Object.entries(numberSchema).map(([field, schema]) => [field, orList(schemaOf(schema))])),
      seeds: schemaOf(seedsSchema),
      until: { description: "how long seeds are added", ...stoppingSchema() },
      fuse: schemaOf(fuseSchema),
      pictures: {
        description: "pictures that the report shows beside its own",
        ...orList(memberSchema(pictureKinds)),
      },
      claims: {
        description: "sentences about the trials, each with its test",
        type: "array",
        items: schemaOf(studyClaimSchema),
      },
      measure: {
        description: "what is measured beyond the usual; a word says when probabilities are",
        anyOf: [schemaOf(measureSchema.probabilities), plainParameters(measureSchema)],
      },
      tune: {
        description: "hyperparameters that are chosen for each configuration by itself, on the validation split",
        type: "object",
        properties: {
          ...Object.fromEntries(Object.entries(tuneSchema).map(([name, schema]) => [name, schemaOf(schema)])),
          search: {
            description: "how candidates are found",
            ...memberSchema(searches as unknown as Record<string, Entry>),
          },
        },
        additionalProperties: rangeSchema,
      },
      diagnostics: {
        type: "boolean",
        description: "look into networks while they train: gradients, weights, updates, dead units",
      },
      robustness: {
        description: "what is done to the test examples of trained trials",
        anyOf: [
          { type: "boolean" },
          plainParameters(
            { ...robustnessSchema, attacks: z.unknown() },
            {
              attacks: {
                description: "attacks on test examples",
                ...orList(memberSchema(zoo.attacks as Record<string, Entry>)),
              },
            },
          ),
        ],
      },
    },
    $defs: {
      ...Object.fromEntries(
        Object.values(entryFields).map(({ kind, zoo: members }) => [
          definitionName(kind),
          memberSchema(zoo[members] as Record<string, Entry>),
        ]),
      ),
      layer: memberSchema(layers),
      initializer: memberSchema(initializers),
    },
  };
}
