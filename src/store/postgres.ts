/** The store's tables in a PostgreSQL database: all that is particular to this dialect. */
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { UserError } from "../util/errors.ts";
import { filesAsRows } from "./checkpoint-files.ts";
import type { Database } from "./database.ts";
import { shownStore } from "./place.ts";
import type { Tables } from "./tables.ts";

const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/** A machine that vanishes within a transaction would else hold its rows until the network gives it up, which takes hours. */
const ABANDONED = "set idle_in_transaction_session_timeout = '2min'";

/** What the driver's and the server's codes come to when a store cannot be opened. */
const hints: readonly (readonly [code: string, hint: string])[] = [
  ["ECONNREFUSED", "does a PostgreSQL server listen there?"],
  ["ENOENT", "does a PostgreSQL server listen there?"],
  ["ENOTFOUND", "is the host's name right?"],
  ["EAI_AGAIN", "is the host's name right?"],
  ["28P01", "the password may also stand in PGPASSWORD or in ~/.pgpass"],
  ["28000", "the user may also stand in the URL: postgres://user@host/database"],
  ["3D000", "`createdb` makes one"],
  ["42501", "the user needs the right to make tables in the database"],
  ["57P03", "the server is starting or stopping: again in a moment"],
];

/** Codes after which the same transaction may succeed: of the server (starting, stopping, in each other's way) and of the network. */
const PASSING =
  /^(08...|25P03|57P0[123]|40001|40P01|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)$/;
/** What the driver says without a code when the connection ends under it. */
const ENDED =
  /^Connection terminated|timeout exceeded when trying to connect|^Client has encountered a connection error/;

/** An error's code; several addresses that were tried in vain are one error with many. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: { code?: unknown }[] };
  return String(code ?? errors?.[0]?.code ?? "");
}

const isPassing = (error: unknown): boolean =>
  PASSING.test(codeOf(error)) || ENDED.test(error instanceof Error ? error.message : "");

/** @param url with the password, which neither messages nor errors repeat */
export async function openPostgres(url: string): Promise<Database> {
  const place = shownStore(url);
  const pool = poolOf(url, place);
  // A connection that ends makes the query fail that needs it, if one does; whoever needs the next gets another.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  let readOnly = false;
  const refusing = new WeakSet<DatabaseConnection>();
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      async onReserveConnection(connection) {
        if (!readOnly || refusing.has(connection)) return;
        await connection.executeQuery(CompiledQuery.raw("set default_transaction_read_only = on"));
        refusing.add(connection);
      },
    }),
  });
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await db.destroy();
    throw explained(error, place);
  }
  return {
    db,
    place,
    now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    gathered: (values) => sql<string>`json_agg(${values})::text`,
    /** Grows with each transaction that has written anything anywhere on the server: those begun, less those under way. */
    async dataVersion() {
      const { rows } = await sql<{ changes: string }>`
        select pg_snapshot_xmin(s)::text::bigint + pg_snapshot_xmax(s)::text::bigint
          - (select count(*) from pg_snapshot_xip(s)) as changes
        from pg_current_snapshot() as s`.execute(db);
      return Number(rows[0].changes);
    },
    async refuseWrites() {
      readOnly = true;
    },
    files: (hold) => filesAsRows(db, hold),
    explained: (error) => explained(error, place),
    isPassing,
  };
}

const MOST_PREPARED = 500;
const LONGEST_PREPARED = 4000;
/** Names of statements that are prepared, by their texts. */
const prepared = new Map<string, string>();

/** Parses and plans each statement once for each connection: those of a store are few and come again. */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: one signature in place of the nine that it is called by
  override query(text: any, values?: any, ...rest: any[]): any {
    const fits = typeof text === "string" && Array.isArray(values) && text.length <= LONGEST_PREPARED;
    if (fits && prepared.size < MOST_PREPARED && !prepared.has(text)) prepared.set(text, `losslab_${prepared.size}`);
    const name = fits ? prepared.get(text) : undefined;
    if (name === undefined) return super.query(text, values, ...(rest as []));
    const answer = super.query({ name, text, values }, ...(rest as [])) as unknown;
    return answer instanceof Promise ? answer.catch((error) => Promise.reject(ofSession(error))) : answer;
  }
}

/** Statements that are prepared belong to a session: of a server that knows them not, or twice, others use the same session. */
const ofSession = (error: unknown): unknown =>
  ["42P05", "26000"].includes(codeOf(error))
    ? new UserError(
        `the database's sessions are shared between connections, and a store needs its own (${(error as Error).message})`,
        undefined,
        "PgBouncer: pool_mode = session; or connect to PostgreSQL itself",
      )
    : error;

function poolOf(connectionString: string, place: string): pg.Pool {
  const options = {
    connectionString,
    application_name: "losslab",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
  try {
    new pg.Client(options); // reads the URL
  } catch {
    // What it says of a URL repeats it.
    throw new UserError("this is no URL of a database", place, "--store postgres://user@host:5432/database");
  }
  const onConnect = (client: pg.ClientBase) => client.query(ABANDONED);
  return new pg.Pool({ ...options, onConnect, max: CONNECTIONS, Client: PreparingClient });
}

function explained(error: unknown, place: string): unknown {
  const code = codeOf(error);
  const known = hints.find(([other]) => other === code);
  if (!known && !isPassing(error)) return error;
  const { message, errors } = error as { message: string; errors?: Error[] };
  return new UserError(`cannot open the store: ${message || errors?.[0]?.message}`, place, known?.[1]);
}
