import { spawn } from "node:child_process";
import { isIP } from "node:net";
import { isLoopback, newToken } from "../dashboard/guard.ts";
import { dashboard } from "../dashboard/server.ts";
import { UserError } from "../util/errors.ts";
import type { DashboardFlags } from "./commands/dashboard.ts";
import { pages } from "./pages.ts";
import { paint } from "./paint.ts";

/** How the system opens an address; nothing is said where it cannot. */
function open(url: string): void {
  const command = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const child = spawn(command, [url], { stdio: "ignore", detached: true });
  child.on("error", () => console.error(paint.dim(`no browser could be opened; go to ${url}`)));
  child.unref();
}

export async function dashboardCommand(flags: DashboardFlags): Promise<void> {
  const { store, port, host, readOnly = false, allowCode = false, data } = flags;
  if (host !== "localhost" && isIP(host) === 0 && !/^[\w.-]+$/.test(host))
    throw new UserError(`"${host}" is no address`, "--host", "for example 0.0.0.0, for all of this machine's");
  const token = isLoopback(host) ? null : newToken();
  const { url, close } = await dashboard({
    store,
    pages: pages(),
    program: [process.execPath, ...process.execArgv, process.argv[1]],
    port,
    host,
    token,
    readOnly,
    allowCode,
    folder: process.cwd(),
    ...(data && { dataDir: data }),
  });
  const address = token ? `${url}?token=${token}` : `${url}#/runs`;
  console.log(`${paint.bold(address)}  ${paint.dim("(Ctrl-C ends it)")}`);
  if (token) console.log(paint.dim("whoever has this address can use the dashboard; it is not encrypted on its way"));
  if (flags.open) open(address);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await close();
}
