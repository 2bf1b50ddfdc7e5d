import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inPackage } from "../util/package.ts";
import { paint } from "./paint.ts";

/** The built pages lie beside the program. A checkout that has not built them yet does so first, as it does with the program. */
export function pages(): string {
  const root = fileURLToPath(inPackage("", import.meta.url));
  const built = join(root, "web/dist");
  if (!existsSync(join(built, "index.html")) && existsSync(join(root, "node_modules/vite"))) {
    console.error(paint.dim("building the pages (once) …"));
    execFileSync("npm", ["run", "--silent", "build:web"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  }
  return built;
}
