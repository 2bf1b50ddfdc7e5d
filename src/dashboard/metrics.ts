/** What can be drawn over the epochs, and where the store keeps it. */
import { DECISIONS, type Measure, OF_PROBABILITIES } from "../report/measures.ts";
import { EPOCH_COLUMNS } from "../store/rows.ts";
import type { EpochColumn, Series, Store } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import type { MetricView, SplitKey } from "./api.ts";

export const SPLITS: readonly SplitKey[] = ["train", "validation", "test", "noisy_test"];

/** Measures of a whole training epoch rather than of a split. */
const OF_EPOCH: readonly MetricView[] = [
  { key: "gradient_norm", title: "gradient norm", unit: "plain", lower: false, splits: [] },
  { key: "learning_rate", title: "learning rate", unit: "plain", lower: false, splits: [] },
  { key: "seconds", title: "seconds per epoch", unit: "plain", lower: true, splits: [] },
];

const LOSS: MetricView = { key: "loss", title: "loss", unit: "plain", lower: true, splits: [...SPLITS] };

const viewOf = ({ key, title, unit, lower }: Measure, splits: SplitKey[]): MetricView => ({
  key,
  title,
  unit,
  lower: lower ?? false,
  splits,
});

/** All metrics, with the splits on which each can be known. */
export const METRICS: readonly MetricView[] = [
  ...DECISIONS.slice(0, 1).map((m) => viewOf(m, [...SPLITS])),
  LOSS,
  ...DECISIONS.slice(1).map((m) => viewOf(m, [...SPLITS])),
  ...OF_PROBABILITIES.map((m) => viewOf(m, ["train", "validation", "test"])),
  ...OF_EPOCH,
];

/** @throws UserError of an unknown one, or of a split on which it is not measured */
export function metricOf(key: string, split: string): { metric: MetricView; split: SplitKey | null } {
  const metric = METRICS.find((m) => m.key === key);
  const keys = METRICS.map((m) => m.key);
  if (!metric) throw new UserError(`there is no metric "${key}"`, "metric", suggest(key, keys));
  if (metric.splits.length === 0) return { metric, split: null };
  const found = metric.splits.find((s) => s === split);
  if (!found) throw new UserError(`${key} is not measured on "${split}"`, "split", metric.splits.join(", "));
  return { metric, split: found };
}

/** The column that holds a metric; null of one that is computed from what is stored. */
function columnOf({ key }: MetricView, split: SplitKey | null): EpochColumn | null {
  const name = split === null ? key : `${split}_${key}`;
  return EPOCH_COLUMNS.find((column) => column === name) ?? null;
}

/** A metric's values over the epochs, by trial; with the seconds of these where they are asked for. */
export interface MetricSeries {
  values: Map<string, Series>;
  seconds: Map<string, Series> | null;
}

export async function readMetric(
  store: Pick<Store, "series" | "eachConfusion" | "eachProbabilities">,
  run: string,
  { metric, split }: ReturnType<typeof metricOf>,
  timed: boolean,
): Promise<MetricSeries> {
  const column = columnOf(metric, split);
  const first = column ?? "seconds"; // which tells the epochs
  const found = await store.series(run, timed && first !== "seconds" ? [first, "seconds"] : [first]);
  const of = (name: EpochColumn) => new Map([...found].map(([trial, columns]) => [trial, columns[name]]));
  const seconds = timed ? of("seconds") : null;
  if (column) return { values: of(column), seconds };

  const values = new Map([...of("seconds")].map(([trial, own]): [string, Series] => [trial, own.map(() => undefined)]));
  /** What a run that goes on has recorded since is left to the next reading, so that all series are as of one moment. */
  const put = (trial: string, epoch: number, value: number | undefined): void => {
    const own = values.get(trial);
    if (own && epoch <= own.length) own[epoch - 1] = value;
  };
  const decision = DECISIONS.find((m) => m.key === metric.key);
  if (decision) {
    await store.eachConfusion(run, split!, (trial, epoch, confusion) =>
      put(trial, epoch, decision.read({ measures: { confusion } as never, probabilities: null })),
    );
    return { values, seconds };
  }
  const measure = OF_PROBABILITIES.find((m) => m.key === metric.key)!;
  await store.eachProbabilities(run, (trial, { epoch, question, answer }) => {
    if (question.kind === "probabilities" && question.split === split)
      put(trial, epoch, measure.read({ measures: null as never, probabilities: answer as never }));
  });
  return { values, seconds };
}
