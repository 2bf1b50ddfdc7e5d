import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @param files contents by path below the folder */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
