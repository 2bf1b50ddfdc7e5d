import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely, Migration } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../sqlite.ts";
import type { Db } from "../tables.ts";
import { migrate, migrations } from "./index.ts";

let dir: string;
let db: Db;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "losslab-"));
  db = await openSqlite(join(dir, "losslab.sqlite"));
});
afterEach(async () => {
  await db.destroy();
  rmSync(dir, { recursive: true });
});

const colours: Migration = {
  up: (db: Kysely<unknown>) => db.schema.createTable("colours").addColumn("name", "text").execute(),
};
const broken: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createTable("half").addColumn("name", "text").execute();
    throw new Error("broken");
  },
};
const tables = async () => (await db.introspection.getTables()).map((table) => table.name);
const writer = () => db.selectFrom("store_meta").select("value").executeTakeFirstOrThrow();

test("an older store is brought up to date, once, and says by which version", async () => {
  const later = { ...migrations, "9001-colours": colours };
  await migrate(db, "1.0.0", "store");
  await migrate(db, "1.1.0", "store");
  expect(await writer()).toEqual({ value: "1.0.0" });
  await migrate(db, "2.0.0", "store", later);
  await migrate(db, "2.0.0", "store", later);
  expect(await tables()).toContain("colours");
  expect(await writer()).toEqual({ value: "2.0.0" });
  await expect(migrate(db, "1.1.0", "store")).rejects.toThrow(
    "this store was written by losslab 2.0.0, which is newer than this losslab 1.1.0",
  );
});

test("a migration that fails leaves the store as it was", async () => {
  await migrate(db, "1.0.0", "store");
  const before = await tables();
  const later = { ...migrations, "9001-colours": colours, "9002-broken": broken };
  await expect(migrate(db, "2.0.0", "store", later)).rejects.toThrow("broken");
  expect(await tables()).toEqual(before);
  expect(await writer()).toEqual({ value: "1.0.0" });
  await migrate(db, "1.0.0", "store");
});
