/** What studies ask of their trials beyond the records of epochs. */
import type { Kysely, Migration } from "kysely";

export const observations: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("observations")
      .addColumn("trial", "text", (c) => c.notNull())
      .addColumn("epoch", "integer", (c) => c.notNull())
      .addColumn("question", "text", (c) => c.notNull())
      .addColumn("answer", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("observations_key", ["trial", "epoch", "question"])
      .addForeignKeyConstraint("observations_epoch", ["trial", "epoch"], "epochs", ["trial", "epoch"], (f) =>
        f.onDelete("cascade"),
      )
      .execute();
  },
};
