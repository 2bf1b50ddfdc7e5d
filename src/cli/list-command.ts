import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { datasets } from "../data/index.ts";
import { presetFolder, presets } from "../lab/study.ts";
import { conditionFields } from "../study/spec.ts";
import { count } from "../util/format.ts";
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

function printEntries(entries: Entry[]): void {
  for (const entry of entries) {
    console.log(`${paint.bold(entry.name)}  ${entry.summary}`);
    if (entry.reference) console.log(paint.dim(`  ${entry.reference}`));
    for (const p of parametersOf(entry)) {
      const value =
        p.default === undefined ? "required" : typeof p.default === "string" ? p.default : JSON.stringify(p.default);
      console.log(`  ${p.name}${p.name === entry.primary ? "*" : ""}: ${value}  ${paint.dim(p.description)}`);
    }
    console.log();
  }
  const first = entries.find((e) => e.primary);
  if (first)
    console.log(
      paint.dim(`* may be given alone: { ${first.name}: value } means { ${first.name}: { ${first.primary}: value } }`),
    );
}

export async function listCommand(what: string, json: boolean): Promise<void> {
  const print = (rows: object[], show: () => void): void =>
    json ? console.log(JSON.stringify(rows, null, 1)) : show();
  if (what === "datasets") {
    const all = Object.values(datasets);
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
    const all = presets().map((name) => {
      const { description = "" } = parse(readFileSync(join(presetFolder(), `${name}.yaml`), "utf8")) as {
        description?: string;
      };
      return { name, description };
    });
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
  const entries = Object.values(kinds[what]);
  print(
    entries.map((e) => ({
      name: e.name,
      title: e.title,
      summary: e.summary,
      formula: e.formula,
      reference: e.reference,
      parameters: parametersOf(e),
    })),
    () => printEntries(entries),
  );
}
