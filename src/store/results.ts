/** A run with everything that was measured: what reports are made of. */
import { sql } from "kysely";
import type { Observation } from "../run/observations.ts";
import type { EpochRecord, RunResults, TrialResult } from "../run/records.ts";
import { asOfOneMoment } from "./moment.ts";
import { observationFromRow } from "./observations.ts";
import { epochFromRow } from "./rows.ts";
import { runs } from "./runs.ts";
import { byCharacters, type Db } from "./tables.ts";

export interface ResultOptions {
  /**
   * With the epochs of each trial and what was observed of them (default); with its `"ends"` alone, that is its last epoch and the
   * first of the best validation accuracy, without observations; or with none.
   */
  history?: boolean | "ends";
  /** With the confusion matrices of every epoch (default), of each trial's last one, or of none; else they are empty. */
  confusions?: boolean | "last";
}

export const results =
  (db: Db) =>
  (wanted?: string, { history = true, confusions = true }: ResultOptions = {}): Promise<RunResults> =>
    asOfOneMoment(db, async (trx) => {
      const run = await runs(trx).run(wanted);
      const trials = await trx
        .selectFrom("run_trials")
        .innerJoin("trials", "trials.id", "run_trials.trial")
        .select(["trials.id", "spec", "status", "reason", "cohort", "roles"])
        .where("run", "=", run.id)
        .orderBy("position")
        .execute();
      const histories = new Map<string, EpochRecord[]>(trials.map((trial) => [trial.id, []]));
      if (history) {
        for (const row of await epochs(trx, run.id, confusions, history === "ends" ? ends(trx) : undefined))
          histories.get(row.trial)!.push(epochFromRow(row));
      }
      const observations = new Map<string, Observation[]>(trials.map((trial) => [trial.id, []]));
      if (history === true) {
        for (const row of await observed(trx, run.id)) observations.get(row.trial)!.push(observationFromRow(row));
      }
      return {
        run,
        trials: trials.map(({ id, spec, status, reason, cohort, roles }) => ({
          trial: JSON.parse(spec),
          status,
          reason,
          cohort,
          ...(roles !== null && { roles: JSON.parse(roles) }),
          history: histories.get(id)!,
          observations: observations.get(id)!,
        })),
      };
    });

const CONFUSIONS = [
  "c.train as train_confusion",
  "c.validation as validation_confusion",
  "c.test as test_confusion",
  "c.noisy_test as noisy_test_confusion",
] as const;

/** The last epoch of a trial `r`, and the first of its best validation accuracy: one row where they are the same. */
const ends = (db: Db) => {
  const own = db.selectFrom("epochs as x").where("x.trial", "=", sql.ref<string>("r.trial"));
  const best = own.select("x.epoch").where("x.validation_accuracy", "is not", null);
  return own
    .select((eb) => eb.fn.max("x.epoch").as("epoch"))
    .union((eb) =>
      eb
        .selectFrom(best.orderBy("x.validation_accuracy", "desc").orderBy("x.epoch").limit(1).as("b"))
        .select("b.epoch"),
    );
};

const epochs = (db: Db, run: string, confusions: boolean | "last", only?: ReturnType<typeof ends>) =>
  db
    .selectFrom("run_trials as r")
    .innerJoin("epochs as e", "e.trial", "r.trial")
    .selectAll("e")
    .$if(confusions !== false, (query) =>
      query
        .leftJoin("confusions as c", (join) => {
          const ofEpoch = join.onRef("c.trial", "=", "e.trial").onRef("c.epoch", "=", "e.epoch");
          return confusions === "last"
            ? ofEpoch.on("e.epoch", "=", (eb) =>
                eb
                  .selectFrom("epochs")
                  .select((sub) => sub.fn.max("epoch").as("last"))
                  .whereRef("epochs.trial", "=", "r.trial"),
              )
            : ofEpoch;
        })
        .select(CONFUSIONS),
    )
    .$if(only !== undefined, (query) => query.where("e.epoch", "in", only!))
    .where("r.run", "=", run)
    .orderBy("r.position")
    .orderBy("e.epoch")
    .execute();

const observed = (db: Db, run: string) =>
  db
    .selectFrom("run_trials as r")
    .innerJoin("observations as o", "o.trial", "r.trial")
    .selectAll("o")
    .where("r.run", "=", run)
    .orderBy("r.position")
    .orderBy("o.epoch")
    .orderBy("o.question", byCharacters)
    .execute();

/** A trial with everything that was measured of it, and the runs that it belongs to, oldest first; null of an unknown id. */
export const trialResult =
  (db: Db) =>
  (id: string): Promise<{ result: TrialResult; runs: string[] } | null> =>
    asOfOneMoment(db, async (trx) => {
      const trial = await trx.selectFrom("trials").selectAll().where("id", "=", id).executeTakeFirst();
      if (!trial) return null;
      const epochs = await trx
        .selectFrom("epochs as e")
        .leftJoin("confusions as c", (join) => join.onRef("c.trial", "=", "e.trial").onRef("c.epoch", "=", "e.epoch"))
        .selectAll("e")
        .select(CONFUSIONS)
        .where("e.trial", "=", id)
        .orderBy("e.epoch")
        .execute();
      const answers = await trx
        .selectFrom("observations")
        .selectAll()
        .where("trial", "=", id)
        .orderBy("epoch")
        .orderBy("question", byCharacters)
        .execute();
      const runs = await trx
        .selectFrom("run_trials")
        .innerJoin("runs", "runs.id", "run_trials.run")
        .select("runs.id")
        .where("trial", "=", id)
        .orderBy("started_at")
        .execute();
      const { spec, status, reason, cohort } = trial;
      const history = epochs.map(epochFromRow);
      const result = { trial: JSON.parse(spec), status, reason, cohort, history };
      return { result: { ...result, observations: answers.map(observationFromRow) }, runs: runs.map((r) => r.id) };
    });
