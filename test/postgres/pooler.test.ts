/** A store behind PgBouncer, the real one: where its sessions are its own, and where they are not. */
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fixtureResults, fourLosses } from "../../src/report/fixture.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { findProgram, pathFolders } from "../find-program.ts";
import { noPostgres, sharedDatabase, unprivileged } from "./server.ts";

const program = findProgram(["pgbouncer"], [...pathFolders, "/usr/sbin"]);
const missing = noPostgres() ?? (program ? null : "PgBouncer is not installed");

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** @returns a new database's URL, through a pooler of so many connections to the server */
async function pooled(mode: "session" | "transaction", connections: number): Promise<string> {
  const direct = new URL(await sharedDatabase());
  const folder = mkdtempSync(join(tmpdir(), "losslab-pooler-"));
  const as = unprivileged()!;
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const settings = join(folder, "settings");
  const lines = [
    "[databases]",
    `* = host=${direct.searchParams.get("host")} user=postgres`,
    "[pgbouncer]",
    "auth_type = any",
    `pool_mode = ${mode}`,
    `default_pool_size = ${connections}`,
    `unix_socket_dir = ${folder}`,
    "listen_port = 6432", // names the socket
  ];
  writeFileSync(settings, lines.join("\n"), { mode: 0o644 });
  const pooler: ChildProcess = spawn(program!, [settings], { ...as, stdio: "ignore" });
  ended.push(() => {
    pooler.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  await vi.waitFor(() => expect(existsSync(join(folder, ".s.PGSQL.6432"))).toBe(true), { timeout: 20_000 });
  direct.searchParams.set("host", folder);
  direct.searchParams.set("port", "6432");
  return direct.href;
}

async function open(url: string): Promise<Store> {
  const store = await openStore(url);
  ended.push(() => store.close());
  return store;
}

describe.skipIf(missing)(`PgBouncer${missing ? `: ${missing}` : ""}`, () => {
  test("with sessions of their own stores read and write beside each other, and none inherits what another set", async () => {
    const url = await pooled("session", 4);
    const { run, trials } = fixtureResults({ configurations: fourLosses, seeds: 2, epochs: 2 });
    const specs = trials.map((t) => t.trial);
    await (await openStore(url)).close(); // makes it
    for (let turn = 0; turn < 3; turn++) {
      const reader = await openStore(url, { readOnly: true });
      await expect(reader.createRun({ ...run, id: "refused" }, specs)).rejects.toThrow("read-only transaction");
      await reader.close();
      const [writer, other] = [await openStore(url), await openStore(url)];
      const id = `run${turn}`;
      await Promise.all([writer.createRun({ ...run, id }, specs), other.runs()]);
      expect((await other.results(id)).trials).toHaveLength(trials.length);
      await writer.close();
      await other.close();
    }
  });

  test("sessions that are shared are refused, with what to change", async () => {
    const url = await pooled("transaction", 1);
    const both = async (): Promise<void> => {
      const [one, other] = [await open(url), await open(url)];
      await Promise.all([one.runs(), other.runs()]);
    };
    await expect(both()).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining("shared between connections"),
      hint: expect.stringContaining("pool_mode = session"),
    });
  });
});
