/** The dashboard as its readers use it: in Chromium, with runs that train. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dashboard, type DashboardOptions, dashboard } from "../src/dashboard/server.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { builtPages, faults } from "./browser/pages.ts";

const chromium = findChromium();
const PATIENCE_MS = 90_000;

const study = `name: seen
description: Does it show what it trains?
data: { set: digits, train: 1000, test: 300, validation: 200 }
model: { mlp: { hidden: [16] } }
loss: [ce, mae]
activation: [relu, tanh]
epochs: 6
batchSize: 20
seeds: 2
diagnostics: true
claims:
  - { id: A, claim: CE beats MAE., test: accuracy(ce) > accuracy(mae) }
`;

describe.skipIf("missing" in chromium)(titled(chromium, "the dashboard's pages"), () => {
  const folder = mkdtempSync(join(tmpdir(), "losslab-seen-"));
  let pages: string;
  let browser: Browser;
  let server: Dashboard;
  let options: DashboardOptions;
  let run: string;

  beforeAll(async () => {
    [pages, browser] = await Promise.all([builtPages(), launchChromium((chromium as { path: string }).path)]);
    options = {
      store: join(folder, "store"),
      pages,
      program: [process.execPath, new URL("../bin/losslab.js", import.meta.url).pathname],
      port: 0,
      host: "127.0.0.1",
      token: null,
      readOnly: false,
      allowCode: false,
      folder,
    };
    server = await dashboard(options);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
    if (pages) rmSync(pages, { recursive: true });
  });

  async function open(hash: string, options: Parameters<Browser["newPage"]>[0] = {}) {
    const page = await browser.newPage({ locale: "en-GB", ...options });
    page.setDefaultTimeout(PATIENCE_MS);
    const seen = watch(page);
    await page.goto(server.url + hash);
    return { page, ...seen };
  }
  const heading = (page: Page) => page.getByRole("heading", { level: 1 });

  it("start a study from the form, show its mistakes as they are typed, and watch it to its end", async () => {
    const { page, complaints } = await open("#/runs");
    await page.getByRole("heading", { name: "Nothing has been run" }).waitFor();
    expect(await page.locator("pre").textContent()).toContain("losslab run quickstart");
    await page.getByRole("link", { name: "Start a study", exact: true }).click();

    await page.getByLabel("name", { exact: true }).fill("from-the-form");
    await page.getByLabel("seeds").fill("2");
    await page.getByRole("button", { name: "Write the file" }).click();
    const file = page.getByLabel("Study file");
    expect(await file.inputValue()).toMatch(/name: from-the-form[\s\S]*seeds: 2/);
    await page.getByText("No mistakes: 4 trials").waitFor();

    await file.fill(study.replace("mae]", "maee]"));
    await page.getByText('did you mean "mae"').waitFor();
    expect(await page.getByRole("button", { name: "line 5, column" }).count()).toBe(1);
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await file.fill(study);
    await page.getByText("No mistakes: 8 trials").waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).click();

    await page.waitForURL(/#\/run\?ids=/, { timeout: PATIENCE_MS });
    run = /ids=([\w-]+)/.exec(page.url())![1];
    await heading(page).getByText("seen").waitFor();
    await page.locator(".state", { hasText: "finished" }).waitFor();
    await page.locator(".answer", { hasText: "%" }).waitFor();
    await page.locator(".chart svg").waitFor();
    expect(await page.getByRole("row").filter({ hasText: "CE" }).count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  }, 300_000);

  it("have an address for every view, which a reload restores", async () => {
    const { page, complaints } = await open(`#/run?ids=${run}`);
    await page.getByLabel("metric").selectOption("loss");
    await page.getByLabel("panels by").selectOption("activation");
    await page.getByRole("checkbox", { name: "single seeds" }).check();
    await page.locator(".chart svg").nth(1).waitFor();
    expect(page.url()).toContain(`#/run?ids=${run}&metric=loss&facet=activation&seeds=1`);
    await page.reload();
    await page.locator(".chart svg").nth(1).waitFor();
    expect(await page.getByLabel("metric").inputValue()).toBe("loss");
    expect(await page.getByRole("checkbox", { name: "single seeds" }).isChecked()).toBe(true);

    // What stands at an epoch is told to the keyboard too.
    await page.getByRole("group", { name: "ReLU" }).focus();
    await page.keyboard.press("End");
    expect(await page.locator(".chart [aria-live]").first().textContent()).toMatch(/after epoch 6: .*CE/);

    await page.getByRole("link", { name: "Pair by pair" }).click();
    await page.getByRole("heading", { name: "The tests" }).waitFor();
    await page.getByRole("link", { name: "Claims" }).click();
    await page.getByText("CE beats MAE.").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  }, 200_000);

  it("sort, filter and group trials, open one, and export it", async () => {
    const { page, complaints } = await open(`#/run?ids=${run}&view=trials`);
    await page.getByRole("button", { name: "test accuracy" }).click();
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(8);
    const best = (await rows.first().locator("th").textContent())!;
    await page.getByLabel("filter").fill("mae seed 1");
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel("filter").fill("");
    await page.getByLabel("group by").selectOption("loss");
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain("±");
    await page.getByLabel("group by").selectOption("");
    await page.getByRole("button", { name: "test accuracy" }).click();
    await rows.first().getByRole("link").click();

    await heading(page).getByText(best.trim()).waitFor();
    await page.locator(".picture svg").nth(4).waitFor(); // curves, confusion, reliability
    await page.getByRole("button", { name: "Find them" }).click();
    const images = page.locator(".mistakes img");
    await images.first().waitFor();
    expect(await images.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(28);
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "ONNX" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.onnx$/);
    expect(readFileSync(await download.path()).byteLength).toBeGreaterThan(10_000);
    expect(complaints).toEqual([]);
    await page.close();
  }, 200_000);

  it("come back when the server does, with what has changed meanwhile", async () => {
    const { page } = await open("#/runs");
    await page.getByRole("link", { name: "seen" }).waitFor();
    const port = Number(new URL(server.url).port);
    await server.close();
    await page.getByText("Connection lost").waitFor();
    server = await dashboard({ ...options, port });
    await page.getByText(/^updated/).waitFor();
    await page.close();
  }, 200_000);

  it.each([
    ["light", 1280],
    ["dark", 360],
    ["light", 3840],
  ] as const)(
    "have no serious fault by axe and no line that is cut off: %s, %i pixels",
    async (colorScheme, width) => {
      const { page } = await open(`#/run?ids=${run}`, { colorScheme, viewport: { width, height: 900 } });
      const query = await page.evaluate(async (run) => (await fetch(`api/runs/${run}`)).json(), run);
      const trial = (query as { configurations: { trials: { id: string }[] }[] }).configurations[0].trials[0].id;
      for (const hash of [
        "#/runs",
        `#/run?ids=${run}`,
        `#/run?ids=${run}&view=trials`,
        `#/trial?id=${trial}`,
        "#/study",
      ]) {
        await page.goto(server.url + hash);
        await heading(page).waitFor();
        if (hash.includes("=")) await page.locator("table").first().waitFor();
        expect([hash, await faults(page)]).toEqual([hash, []]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([hash, Math.max(0, overflow)]).toEqual([hash, 0]);
      }
      await page.close();
    },
    300_000,
  );
});
