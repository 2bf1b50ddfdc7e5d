/** Trials by their ids, whatever the runs that they belong to. */
import type { EpochRecord, Trial, TrialResult } from "../run/records.ts";
import { epochFromRow } from "./rows.ts";
import { byCharacters, chunks, type Db } from "./tables.ts";

/** A trial and how it ended, without what was measured. */
export type StoredTrial = Pick<TrialResult, "trial" | "status" | "reason" | "cohort">;

/** Those of the trials that the store knows. */
export async function trialsOf(db: Db, ids: readonly string[]): Promise<Map<string, Trial>> {
  const found = new Map<string, Trial>();
  for (const some of chunks(ids)) {
    const rows = await db.selectFrom("trials").select(["id", "spec"]).where("id", "in", some).execute();
    for (const { id, spec } of rows) found.set(id, JSON.parse(spec));
  }
  return found;
}

/** The trials whose ids begin so, by their ids. */
export async function trialsBeginning(db: Db, beginning: string): Promise<StoredTrial[]> {
  const rows = await db
    .selectFrom("trials")
    .select(["spec", "status", "reason", "cohort"])
    .where((eb) => eb(eb.fn("substr", ["id", eb.val(1), eb.val(beginning.length)]), "=", beginning))
    .orderBy("id", byCharacters)
    .execute();
  return rows.map(({ spec, ...outcome }) => ({ trial: JSON.parse(spec), ...outcome }));
}

/** The epochs of a trial in order, without their confusion matrices. */
export async function epochsOf(db: Db, trial: string): Promise<EpochRecord[]> {
  const rows = await db.selectFrom("epochs").selectAll().where("trial", "=", trial).orderBy("epoch").execute();
  return rows.map(epochFromRow);
}
