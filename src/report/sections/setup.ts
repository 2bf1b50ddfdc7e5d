import type { Spec } from "../../run/records.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";
import { dataTitle, FRESH, NONE, plain, saidOfData, specLabel, unpack } from "../labels.ts";
import { left } from "./cells.ts";

const words = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(words).join(", ")
    : isSpec(value)
      ? inFull(value)
      : typeof value === "object" && value !== null
        ? parameters(value as Record<string, unknown>)
        : String(value);

/** Whether a value is a member of the zoo with its parameters, such as a loss within a loss. */
const isSpec = (value: unknown): value is Spec => {
  const inner = typeof value === "object" && value !== null ? Object.values(value) : [];
  return inner.length === 1 && typeof inner[0] === "object" && inner[0] !== null && !Array.isArray(inner[0]);
};

/** `focal (γ 2, α none)`. */
function inFull(spec: Spec): string {
  const all = parameters(unpack(spec)[1]);
  return all ? `${specLabel(spec, () => false)} (${all})` : specLabel(spec);
}

/** `γ 2, α none`: every parameter, said in full; null where there is nothing to be said. */
const parameters = (values: Record<string, unknown>, leftOut: readonly string[] = []): string =>
  Object.entries(values)
    .filter(([key, value]) => value !== null && !leftOut.includes(key))
    .map(([key, value]) => `${plain(key)} ${words(value)}`)
    .join(", ");

/** The set, what is said of it, and its version, which the labels leave out. */
function dataInFull({ data }: Configuration): string {
  const { version } = data;
  const said = parameters({ ...saidOfData(data), ...(version !== undefined && { version }) }, [
    "name",
    "dataset",
    "set",
  ]);
  return [dataTitle(data), said].filter(Boolean).join(", ");
}

const distinct = (configurations: readonly Configuration[], say: (c: Configuration) => string): string =>
  [...new Set(configurations.map(say))].join(" · ");

export const studyFile = (study: string): string => `${study.replace(/[^\w.-]+/g, "-")}.yaml`;

export function setupSection({
  configurations,
  source,
  results: { run },
  words: { setup: say },
}: ReportContext): Section {
  const spec = (part: (c: Configuration) => Spec) => distinct(configurations, (c) => inFull(part(c)));
  const seeds = [...new Set(configurations.flatMap((c) => c.trials.map((t) => t.trial.seed)))].sort((a, b) => a - b);
  type Row = [name: keyof typeof say.rows, value: string];
  /** Said of what some configuration has. */
  const where = (has: (c: Configuration) => unknown, ...row: Row): Row[] => (configurations.some(has) ? [row] : []);
  const rows: Row[] = [
    ["data", distinct(configurations, dataInFull)],
    ["model", spec((c) => c.model)],
    ["activation", spec((c) => c.activation)],
    ["loss", spec((c) => c.loss)],
    ["optimizer", spec((c) => c.optimizer)],
    ...where(
      (c) => c.clip,
      "clip",
      spec((c) => c.clip ?? NONE),
    ),
    ...where(
      (c) => c.augment,
      "augment",
      distinct(configurations, (c) => (c.augment ? inFull(c.augment) : say.none)),
    ),
    ["schedule", spec((c) => c.schedule)],
    ...where(
      (c) => c.warmStart,
      "warmStart",
      spec((c) => c.warmStart ?? FRESH),
    ),
    ...where(
      (c) => c.ema,
      "ema",
      distinct(configurations, (c) => String(c.ema ?? say.none)),
    ),
    ["epochs", distinct(configurations, (c) => String(c.epochs))],
    ["batchSize", distinct(configurations, (c) => String(c.batchSize))],
    ["seeds", seeds.join(", ")],
  ];
  return {
    id: "setup",
    heading: say.heading,
    blocks: [
      {
        kind: "table",
        table: {
          caption: say.caption,
          columns: [left(say.part), left(say.value)],
          rows: rows.map(([part, value]) => [{ text: say.rows[part] }, { text: value }]),
        },
      },
      {
        kind: "fold",
        heading: say.file({ file: studyFile(run.study) }),
        blocks: [{ kind: "code", language: "yaml", text: source }],
      },
    ],
  };
}
