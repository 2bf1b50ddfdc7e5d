/**
 * PostgreSQL servers for tests: the system's own, in a temporary folder, on a Unix socket, as an unprivileged user. A server ends with the
 * process that it was started for, however that ends.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { findProgram, pathFolders } from "../find-program.ts";

const INSTALLED = "/usr/lib/postgresql";

/** The folder of the newest server's programs, of `initdb` and `pg_ctl`; null where none is installed. */
function programs(): string | null {
  const onPath = findProgram(["initdb"], pathFolders);
  if (onPath) return dirname(onPath);
  if (!existsSync(INSTALLED)) return null;
  const versions = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  const found = versions.map((v) => join(INSTALLED, v, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  return found ?? null;
}

/** Who runs the server: it refuses to be root. */
export function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return {} as never; // ourselves
  for (const name of ["postgres", "nobody"]) {
    const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    try {
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // no such user
    }
  }
  return null;
}

/** Why no server can be started here; null where one can. */
export function noPostgres(): string | null {
  if (process.platform === "win32") return "the tests start PostgreSQL on Unix sockets";
  if (!programs()) return `no PostgreSQL server is installed (looked for initdb on the PATH and in ${INSTALLED})`;
  return unprivileged() ? null : "there is no unprivileged user to run PostgreSQL as";
}

export interface PostgresServer {
  /** A new empty database. @returns its URL */
  database(): Promise<string>;
  /** As an administrator who means it: open connections are cut. */
  restart(): void;
  stop(): void;
  start(): void;
  /** Ends the server and deletes its folder. */
  remove(): void;
}

/** Waits until a process is gone, ends the server and deletes the folder. */
const JANITOR = `
while kill -0 "$1" 2>/dev/null; do sleep 1; done
[ -f "$2/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"
sleep 1; rm -rf "$2"
`;

interface ServerOptions {
  /** The process with which the server ends. */
  owner?: number;
  /** Whether commits wait for the disk, as they do where machines may fail. That a server may fail, all are ready for. */
  durable?: boolean;
  folder?: string;
}

/** Starts a server, which takes about a second. */
export function startPostgres({
  owner = process.pid,
  durable = false,
  ...options
}: ServerOptions = {}): PostgresServer {
  const bin = programs()!;
  const as = unprivileged()!;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "losslab-pg-"));
  mkdirSync(folder, { recursive: true });
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, "data");
  const run = (program: string, args: readonly string[]): void => {
    const { status, stderr, stdout, error } = spawnSync(join(bin, program), args, {
      ...as,
      cwd: folder,
      encoding: "utf8",
      stdio: program === "pg_ctl" ? "ignore" : "pipe", // the server would keep a pipe open
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    });
    if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${error ?? ""}${stdout ?? ""}${stderr ?? ""}`);
  };
  const hasty = durable ? "" : " -c fsync=off -c full_page_writes=off";
  const settings = `-k ${folder} -c listen_addresses='' -c max_connections=200${hasty}`;
  const start = (): void => run("pg_ctl", ["start", "-w", "-D", data, "-l", join(folder, "log"), "-o", settings]);
  const stop = (): void => run("pg_ctl", ["stop", "-w", "-D", data, "-m", "immediate"]);

  const janitor = spawn("sh", ["-c", JANITOR, "janitor", String(owner), folder], { detached: true, stdio: "ignore" });
  janitor.unref();
  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
  start();
  return {
    ...client(folder),
    start,
    stop,
    restart() {
      stop();
      start();
    },
    remove() {
      removeServer(folder);
      process.kill(-janitor.pid!, "SIGKILL");
    },
  };
}

/** Stops the server that runs in a folder, if one does. */
export function removeServer(folder: string): void {
  const lock = join(folder, "data", "postmaster.pid");
  if (existsSync(lock)) {
    const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
    process.kill(pid, "SIGQUIT");
    for (let i = 0; i < 100 && isAlive(pid); i++) spawnSync("sleep", ["0.05"]);
  }
  rmSync(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const urlOf = (folder: string, database: string): string =>
  `postgres://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`;

function client(folder: string): Pick<PostgresServer, "database"> {
  return {
    async database() {
      const name = `t${randomUUID().replaceAll("-", "")}`;
      await query(urlOf(folder, "postgres"), `create database ${name}`);
      return urlOf(folder, name);
    },
  };
}

/** Asks a database something directly. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  try {
    return (await connection.query(text)).rows;
  } finally {
    await connection.end();
  }
}

/**
 * A new database on the server that all tests of this run share, which the first to ask starts.
 * @returns its URL
 */
export async function sharedDatabase(): Promise<string> {
  const { LOSSLAB_TEST_POSTGRES: folder, LOSSLAB_TEST_MAIN: owner } = process.env;
  if (!folder || !owner) throw new Error("vitest's global set-up has not run");
  const ready = join(folder, "ready");
  try {
    mkdirSync(join(folder, "starting")); // succeeds for one process alone
    startPostgres({ folder, owner: Number(owner) });
    mkdirSync(ready);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  for (let i = 0; !existsSync(ready); i++) {
    if (i > 600) throw new Error("PostgreSQL did not start");
    await sleep(100);
  }
  return client(folder).database();
}
