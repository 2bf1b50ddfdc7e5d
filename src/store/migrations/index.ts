/** Brings a store's tables to the form that this version of losslab expects. */
import { type Migration, Migrator } from "kysely";
import { UserError } from "../../util/errors.ts";
import type { Db } from "../tables.ts";
import { tables } from "./0001-tables.ts";
import { noisyTest } from "./0002-noisy-test.ts";
import { observations } from "./0003-observations.ts";
import { roles } from "./0004-roles.ts";
import { previousCheckpoint } from "./0005-previous-checkpoint.ts";
import { queue } from "./0006-queue.ts";

/** In the order in which they are applied. Only ever add to the end; never change one that was released. */
export const migrations: Record<string, Migration> = {
  "0001-tables": tables,
  "0002-noisy-test": noisyTest,
  "0003-observations": observations,
  "0004-roles": roles,
  "0005-previous-checkpoint": previousCheckpoint,
  "0006-queue": queue,
};

/**
 * @param version this losslab's version, left in the store so that an older losslab can say which one it meets
 * @param path the store's file, for messages
 */
export async function migrate(db: Db, version: string, path: string, known = migrations): Promise<void> {
  await refuseNewer(db, Object.keys(known), version, path);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => signed(known, version) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Refuses a store that cannot be changed and whose tables have not the form that this version expects. */
export async function refuseOlder(db: Db, version: string, path: string, known = migrations): Promise<void> {
  await refuseNewer(db, Object.keys(known), version, path);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  if ((await migrator.getMigrations()).every(({ executedAt }) => executedAt)) return;
  throw new UserError(
    "this store was written by an earlier losslab, and cannot be written to",
    path,
    "copy its folder to where it can be written: it is brought up to date when it is opened",
  );
}

/** The migrations, each leaving the version that applied it. */
function signed(known: Record<string, Migration>, version: string): Record<string, Migration> {
  const sign = (migration: Migration): Migration => ({
    async up(db: Db) {
      await db.schema
        .createTable("store_meta")
        .ifNotExists()
        .addColumn("key", "text", (c) => c.primaryKey())
        .addColumn("value", "text", (c) => c.notNull())
        .execute();
      await migration.up(db);
      await db
        .insertInto("store_meta")
        .values({ key: "losslab", value: version })
        .onConflict((c) => c.column("key").doUpdateSet({ value: version }))
        .execute();
    },
  });
  return Object.fromEntries(Object.entries(known).map(([name, migration]) => [name, sign(migration)]));
}

/** Whether there are tables at all. */
export async function isMade(db: Db): Promise<boolean> {
  return (await existing(db)).has("kysely_migration");
}

const existing = async (db: Db): Promise<Set<string>> =>
  new Set((await db.introspection.getTables({ withInternalKyselyTables: true })).map((t) => t.name));

async function refuseNewer(db: Db, known: string[], version: string, path: string): Promise<void> {
  const tables = await existing(db);
  if (!tables.has("kysely_migration") || !tables.has("store_meta")) return;
  const applied = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  if (applied.every(({ name }) => known.includes(name))) return;
  const writer = await db.selectFrom("store_meta").select("value").where("key", "=", "losslab").executeTakeFirst();
  throw new UserError(
    `this store was written by losslab ${writer?.value}, which is newer than this losslab ${version}`,
    path,
    `install losslab ${writer?.value} or later, or use another store with --store`,
  );
}
