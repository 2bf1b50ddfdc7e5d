/** Columns of numbers over the epochs of a run's trials: what curves are drawn from, without the rest of the records. */
import { EPOCH_COLUMNS } from "./rows.ts";
import type { Db, EpochColumn, EpochRow } from "./tables.ts";

export type { EpochColumn };

/** Values by epoch, the first at place 0; undefined where the trial has none. */
export type Series = (number | undefined)[];

/** Each trial's series of each column, in the run's order of trials. */
export const series =
  (db: Db) =>
  async <C extends EpochColumn>(run: string, columns: readonly C[]): Promise<Map<string, Record<C, Series>>> => {
    const unknown = columns.find((column) => !EPOCH_COLUMNS.includes(column));
    if (unknown !== undefined) throw new RangeError(`no column ${unknown}`);
    const query = db
      .selectFrom("run_trials as r")
      .innerJoin("epochs as e", "e.trial", "r.trial")
      .select(["e.trial", "e.epoch", ...columns.map((column) => `e.${column}` as const)])
      .where("r.run", "=", run)
      .orderBy("r.position")
      .orderBy("e.epoch");
    const found = new Map<string, Record<C, Series>>();
    for (const row of (await query.execute()) as unknown as EpochRow[]) {
      let own = found.get(row.trial);
      if (!own) {
        own = Object.fromEntries(columns.map((column) => [column, [] as Series])) as Record<C, Series>;
        found.set(row.trial, own);
      }
      for (const column of columns) {
        const value = row[column];
        own[column][row.epoch - 1] = value === null ? undefined : Number(value);
      }
    }
    return found;
  };
