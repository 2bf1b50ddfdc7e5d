import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The folders that a shell looks in. */
export const pathFolders = (process.env.PATH ?? "").split(delimiter);

/** The first of these folders that has a program of one of the names, the names in order of preference; undefined where none has. */
export const findProgram = (names: readonly string[], folders: readonly string[]): string | undefined =>
  folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
