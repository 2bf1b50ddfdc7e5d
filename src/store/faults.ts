/** What can be wrong with a store's place or files, said so that people can mend it. */
import { UserError } from "../util/errors.ts";

/** SQLite's codes, and those that begin so (`SQLITE_IOERR_WRITE`). */
const meanings: readonly (readonly [code: string, message: string, hint: string])[] = [
  [
    "SQLITE_NOTADB",
    "this file is not a SQLite database, or is damaged",
    "`losslab doctor --store DIR --repair` saves what can be read of it; to begin a new store, name another with --store",
  ],
  [
    "SQLITE_CORRUPT",
    "the store is damaged",
    "`losslab doctor --store DIR` says how; with --repair it saves what can be read",
  ],
  [
    "SQLITE_FULL",
    "the disk is full; all epochs that were finished before are kept",
    "make room, then the same command goes on from there",
  ],
  [
    "SQLITE_READONLY",
    "the store cannot be written to",
    "make its folder writable, or name another store with --store; results and reports can be read as it is",
  ],
  [
    "SQLITE_CANTOPEN",
    "the store's file cannot be opened",
    "is its folder there, and may you read and write in it? --store names another",
  ],
  ["SQLITE_IOERR", "the disk failed while the store was read or written", "see what the system says of this disk"],
];

/** The UserError that an error of SQLite comes to for the store at `path`; other errors as they are. */
export function explained(error: unknown, path: string): unknown {
  const { code = "", message } = error as { code?: unknown; message?: string };
  const known = meanings.find(([begin]) => typeof code === "string" && code.startsWith(begin));
  if (!known) return error;
  const [, text, hint] = known;
  return new UserError(`${text} (${message})`, path, hint.replace("DIR", path.replace(/[\\/]?[^\\/]*$/, "") || "."));
}

/** The same for what a folder's file system says. */
export function explainedFile(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const as = { ENOSPC: "SQLITE_FULL", EDQUOT: "SQLITE_FULL", EROFS: "SQLITE_READONLY", EACCES: "SQLITE_READONLY" };
  if (!code || !Object.hasOwn(as, code)) return error;
  return explained({ code: as[code as keyof typeof as], message: (error as Error).message.split(",")[0] }, path);
}
