/** Reports as a browser shows them: axe finds no serious fault of accessibility, neither in light nor in dark. */
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crossedResults, fixtureResults, onDataSets } from "../src/report/fixture.ts";
import { renderReport } from "../src/report/index.ts";
import type { RunResults } from "../src/run/records.ts";
import { findChromium, launchChromium } from "./browser/chromium.ts";

const found = findChromium();
if ("missing" in found) console.warn(`test/accessibility.test.ts: reports are not looked at: ${found.missing}`);

const usual = fixtureResults();
const claims = [
  { id: "A", claim: "CE ends above MAE.", test: "accuracy(ce) > accuracy(mae)" },
  { id: "B", claim: "It is known.", see: "the literature" },
];
const CASES: Record<string, RunResults> = {
  "one factor, with claims": { ...usual, run: { ...usual.run, spec: { ...usual.run.spec, claims } } },
  "two factors": crossedResults(),
  "three data sets": onDataSets(["mnist", "kmnist", "fashion-mnist"]),
};

describe.skipIf("missing" in found)("a report in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium((found as { path: string }).path);
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(Object.entries(CASES))(
    "of %s",
    async (_, results) => {
      const report = await renderReport(results, { format: "html" });
      const page = await browser.newPage();
      await page.setContent(report.text);
      await page.evaluate(axe.source);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const { passes, violations }: axe.AxeResults = await page.evaluate(
          "axe.run(document, { resultTypes: ['violations'] })",
        );
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        const told = serious.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${colorScheme} ${id}: ${html.slice(0, 200)}\n${failureSummary}`),
        );
        expect(told).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast"); // the report was there to be looked at
      }
      await page.close();
    },
    120_000,
  );
});
