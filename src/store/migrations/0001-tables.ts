/** The first tables. Frozen: what a store needs beyond them goes into the next migration. */
import type { Kysely, Migration } from "kysely";

const splits = ["train", "validation", "test"];
const scalars = [
  "loss",
  "accuracy",
  "macro_precision",
  "macro_recall",
  "macro_f1",
  "weighted_precision",
  "weighted_recall",
  "weighted_f1",
];

export const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("runs")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("study", "text", (c) => c.notNull())
      .addColumn("spec", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("started_at", "text", (c) => c.notNull())
      .addColumn("finished_at", "text")
      .addColumn("environment", "text", (c) => c.notNull())
      .execute();

    await db.schema
      .createTable("cohorts")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("run", "text", (c) => c.notNull().references("runs.id"))
      .addColumn("trials", "text", (c) => c.notNull())
      .addColumn("model", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("epochs_done", "integer", (c) => c.notNull())
      .addColumn("checkpoint_file", "text")
      .addColumn("checkpoint_sha256", "text")
      .addColumn("checkpoint_epoch", "integer")
      .execute();

    await db.schema
      .createTable("trials")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("spec", "text", (c) => c.notNull())
      .addColumn("status", "text", (c) => c.notNull().defaultTo("planned"))
      .addColumn("reason", "text")
      .addColumn("cohort", "text", (c) => c.references("cohorts.id"))
      .execute();
    await db.schema.createIndex("trials_of_cohort").on("trials").column("cohort").execute();

    await db.schema
      .createTable("run_trials")
      .addColumn("run", "text", (c) => c.notNull().references("runs.id"))
      .addColumn("position", "integer", (c) => c.notNull())
      .addColumn("trial", "text", (c) => c.notNull().references("trials.id"))
      .addPrimaryKeyConstraint("run_trials_key", ["run", "position"])
      .addUniqueConstraint("run_trials_once", ["run", "trial"])
      .execute();

    const measures = splits.flatMap((split) => scalars.map((scalar) => ({ split, column: `${split}_${scalar}` })));
    await measures
      .reduce(
        (table, { split, column }) =>
          table.addColumn(column, "double precision", (c) => (split === "validation" ? c : c.notNull())),
        db.schema
          .createTable("epochs")
          .addColumn("trial", "text", (c) => c.notNull().references("trials.id"))
          .addColumn("epoch", "integer", (c) => c.notNull())
          .addColumn("gradient_norm", "double precision", (c) => c.notNull())
          .addColumn("learning_rate", "double precision", (c) => c.notNull())
          .addColumn("seconds", "double precision", (c) => c.notNull()),
      )
      .addPrimaryKeyConstraint("epochs_key", ["trial", "epoch"])
      .execute();

    // bytea is PostgreSQL's name of the type; SQLite keeps bytes as they are in a column of any type
    await db.schema
      .createTable("confusions")
      .addColumn("trial", "text", (c) => c.notNull())
      .addColumn("epoch", "integer", (c) => c.notNull())
      .addColumn("train", "bytea", (c) => c.notNull())
      .addColumn("validation", "bytea")
      .addColumn("test", "bytea", (c) => c.notNull())
      .addPrimaryKeyConstraint("confusions_key", ["trial", "epoch"])
      .addForeignKeyConstraint("confusions_epoch", ["trial", "epoch"], "epochs", ["trial", "epoch"], (f) =>
        f.onDelete("cascade"),
      )
      .execute();

    await db.schema
      .createTable("run_locks")
      .addColumn("study", "text", (c) => c.primaryKey())
      .addColumn("run", "text", (c) => c.notNull().references("runs.id"))
      .addColumn("holder", "text", (c) => c.notNull())
      .addColumn("pid", "integer", (c) => c.notNull())
      .addColumn("hostname", "text", (c) => c.notNull())
      .addColumn("heartbeat", "text", (c) => c.notNull())
      .execute();
  },
};
