/** Columns of numbers over the epochs of a run's trials: what curves are drawn from, without the rest of the records. */
import type { Observation } from "../run/observations.ts";
import type { Database } from "./database.ts";
import { observationFromRow } from "./observations.ts";
import { EPOCH_COLUMNS, unpackMatrix } from "./rows.ts";
import { chunks, type Db, type EpochColumn, type Real } from "./tables.ts";

export type { EpochColumn };

/** Values by epoch, the first at place 0; undefined where the trial has none. */
export type Series = (number | undefined)[];

/** Each trial's series of each column, in the run's order of trials, to 15 significant digits: enough to be drawn. */
export const series =
  ({ db, gathered }: Pick<Database, "db" | "gathered">) =>
  async <C extends EpochColumn>(run: string, columns: readonly C[]): Promise<Map<string, Record<C, Series>>> => {
    const unknown = columns.find((column) => !EPOCH_COLUMNS.includes(column));
    if (unknown !== undefined) throw new RangeError(`no column ${unknown}`);
    // A row for each trial, its values in arrays: a hundred times as many rows take three times as long to cross over.
    const rows = await db
      .selectFrom("run_trials as r")
      .innerJoin("epochs as e", "e.trial", "r.trial")
      .select((eb) => [
        "e.trial",
        gathered(eb.ref("e.epoch")).as("epochs"),
        ...columns.map((column) => gathered(eb.ref(`e.${column}`)).as(column)),
      ])
      .where("r.run", "=", run)
      .groupBy(["r.position", "e.trial"])
      .orderBy("r.position")
      .execute();
    return new Map(
      (rows as unknown as ({ trial: string; epochs: string } & Record<C, string>)[]).map((row) => {
        const epochs = JSON.parse(row.epochs) as number[]; // in no order
        const own = columns.map((column): [C, Series] => {
          const values: Series = Array.from({ length: Math.max(...epochs) });
          (JSON.parse(row[column]) as (Real | null)[]).forEach((value, i) => {
            values[epochs[i] - 1] = value === null ? undefined : Number(value);
          });
          return [column, values];
        });
        return [row.trial, Object.fromEntries(own) as Record<C, Series>];
      }),
    );
  };

/** The last recorded epoch of each trial of a run that has one. */
export const lastEpochs =
  (db: Db) =>
  async (run: string): Promise<Map<string, number>> => {
    const rows = await db
      .selectFrom("run_trials as r")
      .innerJoin("epochs as e", "e.trial", "r.trial")
      .select(["e.trial", (eb) => eb.fn.max("e.epoch").as("last")])
      .where("r.run", "=", run)
      .groupBy("e.trial")
      .execute();
    return new Map(rows.map(({ trial, last }) => [trial, Number(last)]));
  };

/** Hands over the confusion matrices of a run's trials on a split, some at a time: of all together there may be millions of counts. */
export const eachConfusion =
  (db: Db) =>
  async (
    run: string,
    split: "train" | "validation" | "test" | "noisy_test",
    visit: (trial: string, epoch: number, confusion: number[][]) => void,
  ): Promise<void> => {
    for (const trials of chunks(await trialsOf(db, run), AT_ONCE)) {
      const rows = await db
        .selectFrom("confusions")
        .select(["trial", "epoch", `${split} as matrix`])
        .where("trial", "in", trials)
        .execute();
      for (const { trial, epoch, matrix } of rows) if (matrix) visit(trial, epoch, unpackMatrix(matrix));
    }
  };

/** Hands over the measures of probabilities of a run's trials, one answer at a time. */
export const eachProbabilities =
  (db: Db) =>
  async (run: string, visit: (trial: string, observation: Observation) => void): Promise<void> => {
    for (const trials of chunks(await trialsOf(db, run), AT_ONCE)) {
      const rows = await db
        .selectFrom("observations")
        .selectAll()
        .where("trial", "in", trials)
        .where("question", "like", '%"kind":"probabilities"%')
        .execute();
      for (const row of rows) visit(row.trial, observationFromRow(row));
    }
  };

/** Trials whose rows are held in memory together. */
const AT_ONCE = 50;

async function trialsOf(db: Db, run: string): Promise<string[]> {
  const rows = await db.selectFrom("run_trials").select("trial").where("run", "=", run).orderBy("position").execute();
  return rows.map(({ trial }) => trial);
}
