import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Corruption } from "../corruptions/corruption.ts";
import * as corruptions from "../corruptions/index.ts";
import { datasets } from "../data/index.ts";
import { presetFolder, presets } from "../lab/study.ts";
import { conditionFields } from "../study/spec.ts";
import { UserError } from "../util/errors.ts";
import { count } from "../util/format.ts";
import { suggest } from "../util/nearest.ts";
import type { Entry } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import * as initializers from "../zoo/initializers/index.ts";
import * as layers from "../zoo/layers/index.ts";
import { paint } from "./paint.ts";
import { table } from "./table.ts";

interface ParameterInfo {
  name: string;
  default: unknown;
  description: string;
}

/** An entry's parameters as its schema tells them. */
const parametersOf = (entry: Entry): ParameterInfo[] =>
  Object.entries(entry.params).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    const described = schema.description ?? z.globalRegistry.get(schema)?.description ?? "";
    return { name, default: parsed.success ? parsed.data : undefined, description: described };
  });

const saidDefault = ({ default: value }: ParameterInfo): string =>
  value === undefined ? "required" : typeof value === "string" ? value : JSON.stringify(value);

const starred = (entry: Entry, { name }: ParameterInfo): string => `${name}${name === entry.primary ? "*" : ""}`;

function explainStar(entries: readonly Entry[]): void {
  const first = entries.find((e) => e.primary);
  if (!first) return;
  const full = `{ ${first.name}: { ${first.primary}: value } }`;
  console.log(paint.dim(`* may be given alone: { ${first.name}: value } means ${full}`));
}

/** All entries, in a few lines each. */
function printEntries(what: string, entries: readonly Entry[]): void {
  for (const entry of entries) {
    console.log(`${paint.bold(entry.name)}  ${entry.summary}`);
    const parameters = parametersOf(entry).map((p) => `${starred(entry, p)}: ${saidDefault(p)}`);
    if (parameters.length > 0) console.log(paint.dim(`  ${parameters.join(", ")}`));
  }
  console.log();
  explainStar(entries);
  console.log(paint.dim(`one of them in full: losslab list ${what} ${entries[0].name}`));
}

/** One entry with all that it says of itself. */
function printEntry(entry: Entry): void {
  console.log(`${paint.bold(entry.name)}  ${entry.summary}`);
  if (entry.formula) console.log(`  ${entry.formula}`);
  if (entry.reference) console.log(paint.dim(`  ${entry.reference}`));
  const parameters = parametersOf(entry);
  if (parameters.length > 0) console.log();
  for (const p of parameters) console.log(`  ${starred(entry, p)}: ${saidDefault(p)}  ${paint.dim(p.description)}`);
  if (entry.others) console.log(`  …  ${paint.dim(entry.others.description ?? "")}`);
  if (entry.examples) console.log();
  for (const example of entry.examples ?? []) {
    const flow = stringify({ [entry.name]: example }, { collectionStyle: "flow", lineWidth: 0 }).trim();
    console.log(`  ${flow}`);
  }
  if (entry.primary) console.log();
  explainStar([entry]);
}

/** Those of the given name, or all. */
function only<T extends { name: string }>(what: string, all: readonly T[], name: string | undefined): T[] {
  const found = all.filter((one) => name === undefined || one.name === name);
  if (found.length > 0) return found;
  const names = all.map((one) => one.name);
  throw new UserError(`there is no "${name}" among the ${what}`, undefined, suggest(name!, names));
}

/** @param name one member alone, in full */
export async function listCommand(what: string, name: string | undefined, json: boolean): Promise<void> {
  const print = (rows: object[], show: () => void): void =>
    json ? console.log(JSON.stringify(rows, null, 1)) : show();
  if (what === "corruptions") {
    const all: Corruption[] = Object.values(corruptions);
    return print(
      all.map(({ apply: _, ...said }) => said),
      () =>
        console.log(
          table(
            ["name", "what it does", "strength", "at severity 1 … 5"],
            all.map((c) => [c.name, c.summary, c.strength, c.strengths.join(" ")]),
            "llll",
          ),
        ),
    );
  }
  if (what === "datasets") {
    const all = only(what, Object.values(datasets), name);
    return print(
      all.map(({ name, title, shape, classes, trainCount, testCount, licence, homepage }) => ({
        name,
        title,
        shape,
        classes: classes.length,
        trainCount,
        testCount,
        licence,
        homepage,
      })),
      () =>
        console.log(
          table(
            ["name", "shape", "classes", "training", "test", "licence"],
            all.map((d) => [
              d.name,
              d.shape.join("×"),
              String(d.classes.length),
              count(d.trainCount),
              count(d.testCount),
              d.licence,
            ]),
            "llrrrl",
          ),
        ),
    );
  }
  if (what === "studies") {
    const described = presets().map((name) => {
      const { description = "" } = parse(readFileSync(join(presetFolder(), `${name}.yaml`), "utf8")) as {
        description?: string;
      };
      return { name, description };
    });
    const all = only(what, described, name);
    return print(all, () =>
      console.log(
        table(
          ["name", "question"],
          all.map((s) => [s.name, s.description]),
          "ll",
        ),
      ),
    );
  }
  const { labelNoise, imbalance } = conditionFields;
  const kinds = {
    ...zoo,
    layers,
    initializers,
    noises: labelNoise.kinds,
    imbalances: imbalance.kinds,
  } as unknown as Record<string, Record<string, Entry>>;
  const entries = only(what, Object.values(kinds[what]), name);
  print(
    entries.map((e) => ({
      name: e.name,
      title: e.title,
      summary: e.summary,
      formula: e.formula,
      reference: e.reference,
      parameters: parametersOf(e),
      ...(e.examples && { examples: e.examples }),
    })),
    () => (name === undefined ? printEntries(what, entries) : printEntry(entries[0])),
  );
}
