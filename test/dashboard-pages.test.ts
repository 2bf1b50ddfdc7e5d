/** The dashboard as its readers use it: in Chromium, with runs that train. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dashboard, type DashboardOptions, dashboard } from "../src/dashboard/server.ts";
import { openStore } from "../src/store/store.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { builtPages, faults } from "./browser/pages.ts";
import { bin, dashboardOf } from "./program.ts";

const chromium = findChromium();
const PATIENCE_MS = 180_000;

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
    options = dashboardOf(join(folder, "store"), pages, folder);
    server = await dashboard(options);
  }, 600_000);
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

    const form = page.getByRole("region", { name: "Form" });
    const file = page.getByRole("textbox", { name: "Study file" });
    const said = (text: RegExp) => expect.poll(() => file.inputValue()).toMatch(text);
    await form.getByLabel("name", { exact: true }).fill("from-the-form");
    await form.getByLabel("seeds", { exact: true }).fill("2");
    await form.getByRole("combobox", { name: "Add: Loss" }).selectOption("generalizedCe");
    const third = form.getByRole("group", { name: "Loss 3: GCE" });
    await third.getByLabel("q", { exact: true }).fill("0.3, 0.7");
    await said(
      /^name: from-the-form\n[\s\S]*loss: \[ ce, focal, \{ generalizedCe: \{ q: \[ 0.3, 0.7 \] \} \} \]\n[\s\S]*seeds: 2\n$/,
    );
    await page.getByText("No mistakes: 8 trials").waitFor();
    await form.getByText("Noise and imbalance").click();
    await form.getByRole("combobox", { name: "Add: Label noise" }).selectOption("symmetric");
    await form.getByLabel("rate", { exact: true }).fill("0.2");
    await said(/labelNoise: \{ symmetric: \{ rate: 0.2 \} \}/);
    // A mistake is told at its field too; and the form follows what is typed in the file.
    await form.getByLabel("rate", { exact: true }).fill("2");
    await form.getByLabel("rate", { exact: true }).and(page.locator('[aria-invalid="true"]')).waitFor();
    await file.fill((await file.inputValue()).replace("rate: 2", "rate: 0.4").replace("epochs: 10", "epochs: [5, 10]"));
    await expect.poll(() => form.getByLabel("rate", { exact: true }).inputValue()).toBe("0.4");
    expect(await form.getByLabel("epochs", { exact: true }).inputValue()).toBe("5, 10");
    await page.getByText("No mistakes: 16 trials").waitFor();

    await file.fill(study.replace("mae]", "maee]"));
    await page.getByText('did you mean "mae"').first().waitFor();
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
  }, 600_000);

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
  }, 600_000);

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
  }, 600_000);

  it("say that the server was killed, and come back when it does, with what has changed meanwhile", async () => {
    const { store } = options;
    const program = new URL("./browser/serve.ts", import.meta.url).pathname;
    const started: ChildProcess[] = [];
    const serving = async (port: number): Promise<string> => {
      const child = spawn(process.execPath, ["--import", "tsx", program, store, pages, String(port)]);
      started.push(child);
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      return String(line).trim();
    };
    const changed = await openStore(store);
    const page = await browser.newPage({ locale: "en-GB" });
    page.setDefaultTimeout(PATIENCE_MS);
    try {
      const url = await serving(0);
      await page.goto(`${url}#/runs`);
      await page.locator(".state", { hasText: "finished" }).waitFor();
      started[0].kill("SIGKILL");
      await page.getByText("Connection lost").waitFor();
      await changed.updateRun(run, { state: "interrupted" });
      await serving(Number(new URL(url).port));
      await page.getByText(/^updated/).waitFor();
      await page.locator(".state", { hasText: "interrupted" }).waitFor();
    } finally {
      for (const child of started) child.kill("SIGKILL");
      await changed.updateRun(run, { state: "finished" });
      await changed.close();
      await page.close();
    }
  }, 600_000);

  it("show the workers of a queue and what they do, and nothing of it where there is none", async () => {
    const losslab = (...args: string[]): ChildProcess =>
      spawn(process.execPath, [bin, ...args, "--store", options.store], { stdio: ["pipe", "ignore", "ignore"] });
    const { page, complaints } = await open("#/runs");
    await page.locator(".state", { hasText: "finished" }).waitFor();
    const section = page.getByRole("heading", { name: "Workers and queue" });
    expect(await section.count()).toBe(0);
    const filling = losslab("run", "-", "--queue", "--detach", "--set", "name=queued", "--set", "epochs=5000");
    filling.stdin!.end(study);
    const [status] = await once(filling, "exit");
    expect(status).toBe(0);
    await section.waitFor();
    await page.getByText("No worker is there").waitFor();
    const worker = losslab("worker", "--workers", "1", "--lease", "2");
    try {
      const row = page.getByRole("row").filter({ hasText: `process ${worker.pid}` });
      await row.filter({ hasText: "1 / 1" }).filter({ hasText: " ago" }).waitFor();
      const queued = page.getByRole("region", { name: "Workers and queue" }).getByRole("row", { name: "queued" });
      // priority; waiting, running, done, failed, cancelled
      expect((await queued.getByRole("cell").allTextContents()).join(" ")).toMatch(/^0 \d+ 1 0 0 0$/);
      expect(await page.getByText("No worker is there").count()).toBe(0);
      worker.kill("SIGKILL");
      await row.filter({ hasText: "not for" }).waitFor();
    } finally {
      worker.kill("SIGKILL");
    }
    expect(complaints).toEqual([]);
    await page.close();
  }, 600_000);

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
    600_000,
  );
});
