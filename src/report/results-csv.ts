/** Results as tables of comma-separated values, for spreadsheets and statistics programs. */
import { concern } from "../run/diagnosis.ts";
import { isRobustness, type RobustnessQuestion, type SplitName } from "../run/observations.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { type CsvValue, csv } from "./csv.ts";
import { specLabel } from "./labels.ts";
import { DECISIONS, diagnosisOf, type Measure, measuredAt, OF_PROBABILITIES, topKs } from "./measures.ts";
import { tunes } from "./stages.ts";
import { trialLabels } from "./trial-labels.ts";

const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** Rows with columns of one type each; null where there is nothing. */
export interface DataTable {
  columns: readonly { name: string; type: "text" | "integer" | "number" }[];
  rows: readonly (readonly CsvValue[])[];
}

type Columns = DataTable["columns"];
const texts = (...names: string[]): Columns => names.map((name) => ({ name, type: "text" }));
const integers = (...names: string[]): Columns => names.map((name) => ({ name, type: "integer" }));
const numbers = (...names: string[]): Columns => names.map((name) => ({ name, type: "number" }));

/** Which trial a row is of; where the study tunes, also what for: tuning, untuned, tuned. */
const whoColumns = (results: RunResults): Columns => [
  ...texts("trial", "configuration", "model", "activation", "loss", "optimizer"),
  ...integers("batch_size", "seed"),
  ...texts("status", ...(tunes(results) ? ["stage"] : [])),
];

const asCsv = ({ columns, rows }: DataTable): string =>
  csv(
    columns.map(({ name }) => name),
    rows,
  );

/** Each trial with the columns that say which it is. */
function* named(results: RunResults): Generator<{ result: TrialResult; who: CsvValue[] }> {
  const { trials } = results;
  const labels = trialLabels(trials.map((t) => t.trial));
  const staged = tunes(results);
  for (const result of trials) {
    const { id, model, activation, loss, optimizer, batchSize, seed } = result.trial;
    const parts = [model, activation, loss, optimizer].map((spec) => specLabel(spec));
    const stage = staged ? [(result.roles ?? []).map((role) => role.stage).join(" ")] : [];
    yield { result, who: [id, labels.get(id)!, ...parts, batchSize, seed, result.status, ...stage] };
  }
}

/** A row for each trial and split, after the last epoch or after each. */
export function measuresTable(results: RunResults, { history }: { history: boolean }): DataTable {
  const measures: Measure[] = [...DECISIONS, ...OF_PROBABILITIES, ...topKs(results.trials)];
  const rows = [...named(results)].flatMap(({ result, who }) => {
    const epochs = history ? result.history : result.history.slice(-1);
    return epochs.flatMap(({ epoch, seconds, learningRate, gradientNorm }) =>
      SPLITS.flatMap((split) => {
        const found = measuredAt(result, split, epoch);
        if (!found) return [];
        const values = measures.map((m) => m.read(found) ?? null);
        return [[...who, epoch, split, found.measures.loss, seconds, learningRate, gradientNorm, ...values]];
      }),
    );
  });
  const own = numbers("loss_value", "seconds", "learning_rate", "gradient_norm");
  const columns = [
    ...whoColumns(results),
    ...integers("epoch"),
    ...texts("split"),
    ...own,
    ...numbers(...measures.map((m) => m.key)),
  ];
  return { columns, rows };
}

export const measuresCsv = (results: RunResults, options: { history: boolean }): string =>
  asCsv(measuresTable(results, options));

/** What was done to test examples, and how strongly. */
export function disturbance(question: RobustnessQuestion): { what: string; strength: number; parameters: object } {
  switch (question.kind) {
    case "clean":
      return { what: "clean", strength: 0, parameters: {} };
    case "noise":
      return { what: "noise", strength: question.sigma, parameters: {} };
    case "corruption":
      return { what: question.name, strength: question.severity, parameters: {} };
    case "attack": {
      const [[what, { epsilon, ...parameters }]] = Object.entries(question.attack);
      return { what, strength: epsilon as number, parameters: { ...parameters, objective: question.objective } };
    }
  }
}

/** A row for each trial and each thing that was done to its test examples. */
export function robustnessCsv(results: RunResults): string {
  const rows = [...named(results)].flatMap(({ result, who }) =>
    result.observations.flatMap(({ question, answer, epoch }) => {
      if (!isRobustness(question) || !("accuracy" in answer)) return [];
      const { what, strength, parameters } = disturbance(question);
      const own = [epoch, question.kind, what, strength, JSON.stringify(parameters), answer.examples];
      return [[...who, ...own, answer.loss, answer.accuracy]];
    }),
  );
  const columns = [
    ...whoColumns(results),
    ...integers("epoch"),
    ...texts("kind", "what"),
    ...numbers("strength"),
    ...texts("parameters"),
    ...integers("examples"),
    ...numbers("loss_value", "accuracy"),
  ];
  return asCsv({ columns, rows });
}

/** A row for each trial, epoch and layer or activation of its network. */
export function diagnosticsCsv(results: RunResults): string {
  const rows = [...named(results)].flatMap(({ result, who }) =>
    result.history.flatMap(({ epoch }) => {
      const found = diagnosisOf(result, epoch);
      if (!found) return [];
      const layers = found.layers.map((l): CsvValue[] => [
        ...who,
        epoch,
        l.layer,
        l.gradientNorm,
        l.weightNorm,
        l.updateRatio,
        null,
        null,
        concern(l),
      ]);
      const activations = found.activations.map((a): CsvValue[] => [
        ...who,
        epoch,
        a.activation,
        null,
        null,
        null,
        a.saturated,
        a.dead,
        null,
      ]);
      return [...layers, ...activations];
    }),
  );
  const columns = [
    ...whoColumns(results),
    ...integers("epoch"),
    ...texts("part"),
    ...numbers("gradient_norm", "weight_norm", "update_ratio", "saturated", "dead"),
    ...texts("concern"),
  ];
  return asCsv({ columns, rows });
}
