import { errorsOf, UserError } from "../util/errors.ts";
import { paint } from "./paint.ts";

/** What the system refuses because of the user's files, folders and disks: told like a mistake, for it is none of the program. */
const REFUSALS: Record<string, string> = {
  ENOSPC: "there is no room left on the disk",
  EDQUOT: "the quota of the disk is used up",
  EROFS: "this disk is read-only",
  EACCES: "permission denied",
  EPERM: "not permitted",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "is a folder, expected a file",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
};

function refusal(error: unknown): UserError | null {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!syscall || !code || !Object.hasOwn(REFUSALS, code)) return null;
  return new UserError(`${REFUSALS[code]} (${code}, ${syscall})`, path);
}

/** Prints a mistake of the user's as a message and exits with 2; a bug keeps its stack trace. */
export function fail(error: unknown): never {
  const mistake = error instanceof UserError ? error : refusal(error);
  if (mistake) {
    for (const { message, where, hint } of errorsOf(mistake)) {
      const lines = [
        `${paint.red("error")}  ${message}`,
        where && `       ${where}`,
        hint && `       ${paint.dim(hint)}`,
      ];
      console.error(lines.filter(Boolean).join("\n"));
    }
    process.exit(2);
  }
  console.error(error);
  process.exit(1);
}
