/** Parameters that name other members of the zoo: a loss within a loss, the layers of a block, a model's initializer. */
import { z } from "zod";
import { isRecord } from "../util/record.ts";
import type { Chosen, Entry } from "./entry.ts";

/** Where the members stand that a parameter names: in the zoo of the member whose parameter it is, unless another is given. */
interface Home {
  kind: string;
  /** Asked only when there is a name to look up, for members may be made of each other. */
  zoo?: () => Readonly<Record<string, Entry>>;
}

/** Members within a parameter: one, a list of them, or a list of them with weights. */
export interface Holding extends Home {
  as: "one" | "list" | "weighted";
}

const holdings = new WeakMap<z.ZodType, Holding>();

/** Which members a parameter holds, if any. */
export const holdingOf = (schema: z.ZodType | undefined): Holding | undefined => schema && holdings.get(schema);

/** The schema of a parameter that holds members; `T` is what `choose` puts in their place. */
function holds<T>(schema: z.ZodType, holding: Holding): z.ZodType<T> {
  holdings.set(schema, holding);
  return schema as z.ZodType<T>;
}

/** A member named within another's parameters, until `choose` has looked it up. */
export class Named {
  constructor(
    readonly said: unknown,
    readonly home: Home,
  ) {}
  toJSON(): unknown {
    return this.said;
  }
}

const named = (home: Home) => z.unknown().transform((said) => new Named(said, home));

/** What the JSON Schema of studies calls the description of a kind's members: no spaces, for it stands in addresses. */
export const definitionName = (kind: string): string => kind.replaceAll(" ", "-");
export const definitionOf = (kind: string): string => `#/$defs/${definitionName(kind)}`;

/** The JSON Schema of one value or a list of them, which is a factor. */
export const orList = (schema: object) => ({ anyOf: [schema, { type: "array", items: schema, minItems: 1 }] });

/** A parameter that is another member, such as a loss within a loss or a model's initializer. */
export const within = <E extends Entry>(home: Home, description: string, byDefault: string) =>
  holds<Chosen<E>>(
    named(home)
      .prefault(byDefault)
      .meta({ description, $ref: definitionOf(home.kind) }),
    { ...home, as: "one" },
  );

/** A parameter that is a list of members, such as the layers of a block. */
export const listWithin = <E extends Entry>(home: Home, description: string, { min = 1 } = {}) => {
  const list = z.array(named(home)).min(min);
  const schema = (min === 0 ? list.default([]) : list).meta({
    description,
    items: orList({ $ref: definitionOf(home.kind) }),
  });
  return holds<Chosen<E>[]>(schema, { ...home, as: "list" });
};

/** Whether a list's element says a weight, or its member by the kind, instead of being a member alone. */
export const isWeighted = (kind: string, said: unknown): said is Record<string, unknown> =>
  isRecord(said) && (kind in said || "weight" in said);

/** A parameter that is a list of members of the same kind, each with a weight of 1 unless it says `{ weight, <kind> }`. */
export const weightedWithin = <E extends Entry, K extends string>(kind: K, description: string) => {
  const weight = z.number().gt(0).default(1).describe("what it is multiplied by");
  const term = z
    .unknown()
    .transform((said) => (isWeighted(kind, said) ? said : { [kind]: said }))
    .pipe(z.strictObject({ weight, [kind]: named({ kind }) }));
  const member = orList({ $ref: definitionOf(kind) });
  const properties = { weight: orList({ type: "number" }), [kind]: member };
  const full = { type: "object", properties, required: [kind], additionalProperties: false };
  const schema = z
    .array(term)
    .min(1)
    .meta({ description, items: { anyOf: [...member.anyOf, full] } });
  return holds<({ weight: number } & Record<K, Chosen<E>>)[]>(schema, { kind, as: "weighted" });
};
