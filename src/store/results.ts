/** A run with everything that was measured: what reports are made of. */
import type { Observation } from "../run/observations.ts";
import type { EpochRecord, RunResults } from "../run/records.ts";
import { observationFromRow } from "./observations.ts";
import { epochFromRow } from "./rows.ts";
import { runs } from "./runs.ts";
import type { Db } from "./tables.ts";

export interface ResultOptions {
  /** With the epochs of each trial and what was observed of them; default true. */
  history?: boolean;
  /** With the confusion matrices of every epoch (default), of each trial's last one, or of none; else they are empty. */
  confusions?: boolean | "last";
}

export const results =
  (db: Db) =>
  (wanted?: string, { history = true, confusions = true }: ResultOptions = {}): Promise<RunResults> =>
    db
      .transaction()
      .setAccessMode("read only")
      .execute(async (trx) => {
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
          for (const row of await epochs(trx, run.id, confusions)) histories.get(row.trial)!.push(epochFromRow(row));
        }
        const observations = new Map<string, Observation[]>(trials.map((trial) => [trial.id, []]));
        if (history) {
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

const epochs = (db: Db, run: string, confusions: boolean | "last") =>
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
        .select([
          "c.train as train_confusion",
          "c.validation as validation_confusion",
          "c.test as test_confusion",
          "c.noisy_test as noisy_test_confusion",
        ]),
    )
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
    .orderBy("o.question")
    .execute();
