/** The pages, built and served for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { build } from "vite";
import { type Listening, listen } from "../../src/serve/listen.ts";
import { site } from "../../src/serve/site.ts";

const root = join(import.meta.dirname, "../..");

export interface ServedPages extends Listening {
  folder: string;
}

/** Builds the pages into a folder of their own. */
export async function builtPages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "losslab-pages-"));
  await build({
    configFile: join(root, "web/vite.config.ts"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, minify: false },
  });
  return folder;
}

/** The same, served. */
export async function servedPages(options?: { isolated: boolean }): Promise<ServedPages> {
  const folder = await builtPages();
  const server = await listen(site(folder, options), 0);
  return {
    ...server,
    folder,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What axe finds wrong that keeps someone from using the page: rule and place. */
export async function faults(page: Page): Promise<string[]> {
  // The pages' policy lets no text become code; a debugger's evaluation is no part of the page.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(({ id, impact, nodes }) => ({ id, impact, places: nodes.map((n) => n.target.join(" ")) }));
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, places }) => `${id}: ${places.join(", ")}`);
}
