/** What the trials of a run are for, where its study tunes. */
import type { Kysely, Migration } from "kysely";

export const roles: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("run_trials").addColumn("roles", "text").execute();
  },
};
