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
async function faults(page: Page): Promise<string[]> {
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

/** Language, colours and width in pixels, in which every page is looked at. */
export const LOOKS = [
  ["en", "light", 360],
  ["zh", "dark", 360],
  ["en", "dark", 1280],
  ["zh", "light", 1280],
  ["en", "light", 3840],
] as const;

/** What is wrong with a page as it stands: faults that axe finds, lines that are cut off, another language than its reader's. */
export async function wrongIn(page: Page, language: string): Promise<string[]> {
  const { beyond, lang } = await page.evaluate(() => ({
    beyond: document.documentElement.scrollWidth - innerWidth,
    lang: document.documentElement.lang,
  }));
  return [
    ...(await faults(page)),
    ...(beyond > 0 ? [`${beyond} pixels beyond the right edge`] : []),
    ...(lang !== language ? [`in ${lang}`] : []),
  ];
}
