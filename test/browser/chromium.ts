/** The system's Chromium, for tests that need a browser. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { findProgram, pathFolders } from "../find-program.ts";

export type Found = { path: string } | { missing: string };

/** Where Chromium is, or why there is none. */
export function findChromium(): Found {
  const given = process.env.CHROMIUM_PATH;
  if (given)
    return existsSync(given) ? { path: given } : { missing: `CHROMIUM_PATH names ${given}, which is not there` };
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const path = findProgram(names, ["/usr/bin", ...pathFolders]);
  return path ? { path } : { missing: `no ${names.join(", ")} here and CHROMIUM_PATH is not set` };
}

/** A test's title, with the reason where it is skipped; told beforehand, too. */
export function titled(found: Found, title: string): string {
  if (!("missing" in found)) return title;
  console.warn(`${title}: not tested: ${found.missing}`);
  return `${title} (skipped: ${found.missing})`;
}

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--disable-gpu",
      "--disable-background-networking",
      "--no-first-run",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });

/** What a page complains about, and the addresses that it asks for; both grow. */
export function watch(page: Page): { complaints: string[]; requests: string[] } {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  return { complaints, requests };
}
