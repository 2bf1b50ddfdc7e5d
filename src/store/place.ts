/** How a store is named: a folder, or the URL of a PostgreSQL database, whose password is shown to nobody. */
import { UserError } from "../util/errors.ts";

/** Where a store is when nobody says. */
export const DEFAULT_STORE = ".losslab";

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Whether a store is a database; else it is a folder. */
export function isDatabaseUrl(store: string): boolean {
  const scheme = SCHEME.exec(store)?.[1].toLowerCase();
  if (scheme === undefined) return false;
  if (scheme === "postgres" || scheme === "postgresql") return true;
  throw new UserError(
    `a store is a folder or a PostgreSQL database, not ${scheme}://…`,
    "--store",
    "--store postgres://user@host/database, or --store some-folder",
  );
}

/** The store as it may be printed. */
export const shownStore = (store: string): string =>
  store.replace(/(:\/\/[^:/?#]*):.*@/s, "$1:***@").replace(/([?&](?:ssl)?password=)[^&]*/gi, "$1***");

/** The environment of a process that is to work on a store, which is not named among its arguments: those all users see. */
export const environmentWith = (store: string): NodeJS.ProcessEnv => ({ ...process.env, LOSSLAB_STORE: store });

/** The folder of what is written beside a store: reports, logs. */
export const folderBeside = (store: string): string => (isDatabaseUrl(store) ? DEFAULT_STORE : store);
