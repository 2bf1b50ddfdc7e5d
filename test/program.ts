/** The program as its users start it: built, in a process of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DashboardOptions } from "../src/dashboard/server.ts";

export const bin = fileURLToPath(new URL("../bin/losslab.js", import.meta.url));

/** What tests read is without colours, whatever the terminal. */
export const env = { ...process.env, NO_COLOR: "1" };

/** Runs it in a folder, to its end. @param more environment variables, beside those of this process */
export function losslabIn(cwd: string, args: readonly string[], more: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...env, ...more },
    maxBuffer: 1e9,
  });
  return { status, stdout, stderr };
}

/** Starts a command that serves pages. @returns with the address that it prints once it listens */
export async function served(cwd: string, args: readonly string[]): Promise<{ child: ChildProcess; url: URL }> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: new URL(String(line).split(" ")[0]) };
}

/** A dashboard of a store as it is by default, on a free port. @param folder where its runs are started */
export const dashboardOf = (store: string, pages: string, folder: string): DashboardOptions => ({
  store,
  pages,
  program: [process.execPath, bin],
  port: 0,
  host: "127.0.0.1",
  token: null,
  readOnly: false,
  allowCode: false,
  folder,
});
