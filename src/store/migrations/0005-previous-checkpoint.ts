/** The checkpoint before the last one, for when the last is damaged. */
import type { Kysely, Migration } from "kysely";

export const previousCheckpoint: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("cohorts").addColumn("previous_file", "text").execute();
    await db.schema.alterTable("cohorts").addColumn("previous_sha256", "text").execute();
    await db.schema.alterTable("cohorts").addColumn("previous_epoch", "integer").execute();
  },
};
