/** Cohorts as jobs for workers on any machine, and checkpoints where all of them can read them. */
import type { Kysely, Migration } from "kysely";

export const queue: Migration = {
  async up(db: Kysely<unknown>) {
    // bytea is PostgreSQL's name of the type; SQLite keeps bytes as they are in a column of any type
    await db.schema
      .createTable("checkpoint_parts")
      .addColumn("file", "text", (c) => c.notNull())
      .addColumn("part", "integer", (c) => c.notNull())
      .addColumn("cohort", "text", (c) => c.notNull())
      .addColumn("bytes", "bytea", (c) => c.notNull())
      .addPrimaryKeyConstraint("checkpoint_parts_key", ["file", "part"])
      .execute();
    await db.schema.createIndex("checkpoint_parts_of_cohort").on("checkpoint_parts").column("cohort").execute();

    await db.schema
      .createTable("workers")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("hostname", "text", (c) => c.notNull())
      .addColumn("pid", "integer", (c) => c.notNull())
      .addColumn("threads", "integer", (c) => c.notNull())
      .addColumn("version", "text", (c) => c.notNull())
      .addColumn("device", "text", (c) => c.notNull())
      .addColumn("started_at", "bigint", (c) => c.notNull())
      .addColumn("heartbeat", "bigint", (c) => c.notNull())
      .addColumn("lease_ms", "integer", (c) => c.notNull())
      .execute();

    await db.schema
      .createTable("jobs")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("run", "text", (c) => c.notNull().references("runs.id"))
      .addColumn("payload", "text", (c) => c.notNull())
      .addColumn("version", "text", (c) => c.notNull())
      .addColumn("device", "text", (c) => c.notNull())
      .addColumn("priority", "integer", (c) => c.notNull())
      .addColumn("work", "double precision", (c) => c.notNull())
      .addColumn("closes_run", "integer", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("worker", "text")
      .addColumn("claim", "text")
      .addColumn("attempts", "integer", (c) => c.notNull())
      .addColumn("most_attempts", "integer", (c) => c.notNull())
      .addColumn("reason", "text")
      .addColumn("changed_at", "bigint", (c) => c.notNull())
      .execute();
    // In the order in which workers take them.
    await db.schema
      .createIndex("jobs_in_turn")
      .on("jobs")
      .columns(["state", "priority desc", "work desc", "id"])
      .execute();
    await db.schema.createIndex("jobs_of_run").on("jobs").columns(["run", "state"]).execute();
    await db.schema.createIndex("jobs_of_claim").on("jobs").column("claim").execute();
  },
};
