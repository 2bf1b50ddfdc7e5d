/** Before and after all tests of a run: a place for a PostgreSQL server that they may share, and its end. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noPostgres, removeServer } from "./server.ts";

export function setup(): () => void {
  const reason = noPostgres();
  if (reason) console.log(`tests on PostgreSQL are skipped: ${reason}`);
  const folder = mkdtempSync(join(tmpdir(), "losslab-pg-"));
  process.env.LOSSLAB_TEST_POSTGRES = folder;
  process.env.LOSSLAB_TEST_MAIN = String(process.pid);
  return () => removeServer(folder);
}
