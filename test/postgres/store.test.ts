/** A PostgreSQL store from the command line: the same answers as a folder's, and a secret that is kept. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { losslabIn } from "../program.ts";
import { noPostgres, query, sharedDatabase } from "./server.ts";

const missing = noPostgres();
let folder: string;
let url: string;

const tiny = `name: tiny
data: { set: digits, train: 400, test: 100, validation: 100 }
model: { mlp: { hidden: [8] } }
loss: [ce, mae]
epochs: 3
batchSize: 32
seeds: 2
`;

const losslab = (args: readonly string[], env: Record<string, string> = {}) => losslabIn(folder, args, env);

/** The results of the run without what is particular to it: its id and times. */
function numbers(store: string): unknown {
  const { stdout, stderr, status } = losslab(["results", "--json", "--history", "--store", store]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { trials } = JSON.parse(stdout, (key, value) => (key === "seconds" ? undefined : value));
  return trials;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "losslab-postgres-"));
  writeFileSync(join(folder, "tiny.yaml"), tiny);
  if (!missing) url = await sharedDatabase();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing)("a store on PostgreSQL", () => {
  test("has the same numbers as a store in a folder, and writes its reports where the command runs", () => {
    const { stderr, stdout, status } = losslab(["run", "tiny.yaml", "--store", url]);
    expect(stderr).toContain("4 trials");
    expect(status).toBe(0);
    expect(stdout).toContain("report.html");
    expect(readdirSync(folder)).toContain("report.html");
    expect(readdirSync(join(folder, ".losslab"))).toEqual(["reports"]);
    expect(losslab(["run", "tiny.yaml", "--store", "local", "--no-report"]).status).toBe(0);
    expect(numbers(url)).toEqual(numbers("local"));
  }, 300_000);

  test("may be named by LOSSLAB_STORE, and is exported from", () => {
    const { status, stdout } = losslab(["results"], { LOSSLAB_STORE: url });
    expect(status).toBe(0);
    expect(stdout).toContain("CE");
    expect(losslab(["export", "tiny", "--parquet", "out.parquet", "--store", url]).status).toBe(0);
  }, 300_000);

  test("needs a user who may make tables, and says so", async () => {
    const empty = await sharedDatabase();
    const guest = `guest${process.pid}`;
    await query(empty, `create role ${guest} login`);
    await query(empty, "revoke create on schema public from public");
    const { status, stderr } = losslab(["worker", "--drain", "--store", empty.replace("postgres@", `${guest}@`)]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("the user needs the right to make tables")]);
  }, 300_000);

  test("nothing of a run repeats its password", async () => {
    const secret = url.replace("postgres@", "postgres:swordfish@");
    const { status, stderr, stdout } = losslab(["run", "tiny.yaml", "--store", secret, "--set", "seeds=1"]);
    expect(status).toBe(0);
    const tables = ["runs", "trials", "cohorts", "run_locks", "store_meta"];
    const rows = await Promise.all(tables.map((table) => query(url, `select * from ${table}`)));
    expect(`${stderr}${stdout}${JSON.stringify(rows)}`).not.toContain("swordfish");
  }, 300_000);
});

test.each([
  ["postgres://me:swordfish@localhost:1/none", "cannot open the store", "does a PostgreSQL server listen there?"],
  ["postgres://me:sword/fish@[/none?password=swordfish", "this is no URL of a database", "postgres://me:***@"],
  ["mysql://me:swordfish@localhost/none", "not mysql://…", "--store postgres://user@host/database"],
])("%s is refused in one sentence without its password", (store, message, hint) => {
  const { status, stderr, stdout } = losslab(["results", "--store", store]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(stderr).not.toMatch(/swordfish|sword.fish/);
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
});
