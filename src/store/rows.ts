/** Records to rows and back. A field that is added to a record does not compile until it is mapped in both directions. */
import type { EpochRecord, RunInfo, SplitMeasures } from "../run/records.ts";
import type { ConfusionRow, EpochColumn, EpochRow, Real, RunRow, Scalar } from "./tables.ts";

/** What is left of a record after all its fields are taken: nothing. */
type Nothing = Record<string, never>;

export const toReal = (value: number): Real => (Number.isFinite(value) ? value : (String(value) as Real));

export function runToRow({
  id,
  study,
  spec,
  state,
  startedAt,
  finishedAt,
  environment,
  ...rest
}: Omit<RunInfo, "trials">) {
  rest satisfies Nothing;
  return {
    id,
    study,
    spec: JSON.stringify(spec),
    state,
    started_at: startedAt,
    finished_at: finishedAt,
    environment: JSON.stringify(environment),
  } satisfies RunRow;
}

export const runFromRow = (row: RunRow): Omit<RunInfo, "trials"> => ({
  id: row.id,
  study: row.study,
  spec: JSON.parse(row.spec),
  state: row.state,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  environment: JSON.parse(row.environment),
});

export function epochToRows(record: EpochRecord): { epoch: EpochRow; confusion: ConfusionRow } {
  const { trial, epoch, train, validation, test, noisyTest, gradientNorm, learningRate, seconds, ...rest } = record;
  rest satisfies Nothing;
  return {
    epoch: {
      trial,
      epoch,
      gradient_norm: toReal(gradientNorm),
      learning_rate: toReal(learningRate),
      seconds: toReal(seconds),
      ...toColumns("train", train),
      ...(validation ? toColumns("validation", validation) : noValidation),
      ...toColumns("test", test),
      ...(noisyTest ? toColumns("noisy_test", noisyTest) : noNoisyTest),
    },
    confusion: {
      trial,
      epoch,
      train: packMatrix(train.confusion),
      validation: validation && packMatrix(validation.confusion),
      test: packMatrix(test.confusion),
      noisy_test: noisyTest ? packMatrix(noisyTest.confusion) : null,
    },
  };
}

/** @param row an epoch, with its confusion matrices or without: then the record's are empty */
export const epochFromRow = (row: EpochRow & { [C in `${Split}_confusion`]?: Uint8Array | null }): EpochRecord => ({
  trial: row.trial,
  epoch: row.epoch,
  train: fromColumns("train", row, row.train_confusion),
  validation: row.validation_loss === null ? null : fromColumns("validation", row, row.validation_confusion),
  test: fromColumns("test", row, row.test_confusion),
  ...(row.noisy_test_loss !== null && { noisyTest: fromColumns("noisy_test", row, row.noisy_test_confusion) }),
  gradientNorm: Number(row.gradient_norm),
  learningRate: Number(row.learning_rate),
  seconds: Number(row.seconds),
});

type Split = "train" | "validation" | "test" | "noisy_test";

/** The column of each number of a split. Names are made once: a report reads millions of numbers. */
const columnsOf = <S extends Split>(split: S) =>
  ({
    loss: `${split}_loss`,
    accuracy: `${split}_accuracy`,
    macro_precision: `${split}_macro_precision`,
    macro_recall: `${split}_macro_recall`,
    macro_f1: `${split}_macro_f1`,
    weighted_precision: `${split}_weighted_precision`,
    weighted_recall: `${split}_weighted_recall`,
    weighted_f1: `${split}_weighted_f1`,
  }) satisfies { [C in Scalar]: `${S}_${C}` };

const columns = {
  train: columnsOf("train"),
  validation: columnsOf("validation"),
  test: columnsOf("test"),
  noisy_test: columnsOf("noisy_test"),
};

/** All columns of an epoch's numbers. */
export const EPOCH_COLUMNS: readonly EpochColumn[] = [
  ...Object.values(columns).flatMap((of): EpochColumn[] => Object.values(of)),
  "gradient_norm",
  "learning_rate",
  "seconds",
];

const noneOf = <S extends "validation" | "noisy_test">(split: S) =>
  Object.fromEntries(Object.values(columns[split]).map((column) => [column, null])) as {
    [C in `${S}_${Scalar}`]: null;
  };
const noValidation = noneOf("validation");
const noNoisyTest = noneOf("noisy_test");

function toColumns<S extends Split>(split: S, { loss, accuracy, macro, weighted }: SplitMeasures) {
  const scalars: Record<Scalar, number> = {
    loss,
    accuracy,
    macro_precision: macro.precision,
    macro_recall: macro.recall,
    macro_f1: macro.f1,
    weighted_precision: weighted.precision,
    weighted_recall: weighted.recall,
    weighted_f1: weighted.f1,
  };
  return Object.fromEntries(
    Object.entries(scalars).map(([scalar, value]) => [columns[split][scalar as Scalar], toReal(value)]),
  ) as { [C in `${S}_${Scalar}`]: Real };
}

function fromColumns(split: Split, row: EpochRow, matrix?: Uint8Array | null): SplitMeasures {
  const column = columns[split];
  return {
    loss: Number(row[column.loss]),
    accuracy: Number(row[column.accuracy]),
    macro: {
      precision: Number(row[column.macro_precision]),
      recall: Number(row[column.macro_recall]),
      f1: Number(row[column.macro_f1]),
    },
    weighted: {
      precision: Number(row[column.weighted_precision]),
      recall: Number(row[column.weighted_recall]),
      f1: Number(row[column.weighted_f1]),
    },
    confusion: matrix ? unpackMatrix(matrix) : [],
  };
}

/** [K,K] to K·K little-endian uint32, row by row. */
const packMatrix = (matrix: number[][]): Uint8Array => new Uint8Array(Uint32Array.from(matrix.flat()).buffer);

/** @param bytes as the database gives them: an ArrayBuffer or a view into one, not always aligned */
export function unpackMatrix(bytes: Uint8Array | ArrayBuffer): number[][] {
  const counts = new Uint32Array(new Uint8Array(bytes).buffer);
  const k = Math.sqrt(counts.length);
  return Array.from({ length: k }, (_, target) => Array.from(counts.subarray(target * k, (target + 1) * k)));
}
