#!/usr/bin/env node
// Starts the built command line. A checkout that has not been built yet is built first, which takes a few seconds.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = new URL("../dist/cli.js", import.meta.url);
if (!existsSync(built)) {
  if (!existsSync(`${root}node_modules/tsdown`)) {
    console.error("losslab is not installed here yet: run `npm ci` first");
    process.exit(2);
  }
  console.error("building losslab (once) …");
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
await import(built.href);
