/** The dashboard as its readers use it: in Chromium, with runs that train. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Download, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dashboard, type DashboardOptions, dashboard } from "../src/dashboard/server.ts";
import { openStore } from "../src/store/store.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { builtPages, LOOKS, wrongIn } from "./browser/pages.ts";
import { bin, dashboardOf } from "./program.ts";

const chromium = findChromium();
const PATIENCE_MS = 180_000;

/** The last words of the study, which have no fields in the form. */
const CLAIMS = `claims:
  - { id: A, claim: CE beats MAE., test: accuracy(ce) > accuracy(mae) }
`;

/** For workers of a queue. */
const QUEUED = `name: queued
data: { set: digits, train: 1000, test: 300, validation: 200 }
model: { mlp: { hidden: [16] } }
loss: [ce, mae]
batchSize: 20
seeds: 2
`;

describe.skipIf("missing" in chromium)(titled(chromium, "the dashboard's pages"), () => {
  const folder = mkdtempSync(join(tmpdir(), "losslab-seen-"));
  let pages: string;
  let browser: Browser;
  let server: Dashboard;
  let options: DashboardOptions;
  let run: string;
  let second: string;

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
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const state = (page: Page, name: string) => page.locator(".head .state", { hasText: name }).waitFor();
  /** What a chart has as text. */
  const written = (page: Page, text: string) => page.locator(".chart svg text", { hasText: text });
  async function downloaded(page: Page, press: () => Promise<unknown>): Promise<{ name: string; bytes: Buffer }> {
    const [download] = (await Promise.all([page.waitForEvent("download"), press()])) as [Download, unknown];
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  it("start a study from the form, show its mistakes as they are typed, and watch it to its end", async () => {
    const { page, complaints } = await open("#/runs");
    await page.getByRole("heading", { name: "Nothing has been run" }).waitFor();
    expect(await page.locator("pre").textContent()).toContain("losslab run quickstart");
    await page.getByRole("link", { name: "Start a study", exact: true }).click();

    const form = page.getByRole("region", { name: "Form" });
    const file = page.getByRole("textbox", { name: "Study file" });
    const field = (name: string) => form.getByLabel(name, { exact: true });
    const said = (text: RegExp) => expect.poll(() => file.inputValue()).toMatch(text);
    await field("name").fill("from-the-form");
    await field("seeds").fill("2");
    await form.getByRole("combobox", { name: "Add: Loss" }).selectOption("generalizedCe");
    const third = form.getByRole("group", { name: "Loss 3: GCE" });
    await third.getByLabel("q", { exact: true }).fill("0.3, 0.7");
    await said(
      /^name: from-the-form\n[\s\S]*loss: \[ ce, focal, \{ generalizedCe: \{ q: \[ 0.3, 0.7 \] \} \} \]\n[\s\S]*seeds: 2\n$/,
    );
    await page.getByText("No mistakes: 8 trials").waitFor();
    await form.getByText("Noise and imbalance").click();
    await form.getByRole("combobox", { name: "Add: Label noise" }).selectOption("symmetric");
    await field("rate").fill("0.2");
    await said(/labelNoise: \{ symmetric: \{ rate: 0.2 \} \}/);
    // A mistake is told at its field too; and the form follows what is typed in the file.
    await field("rate").fill("2");
    await field("rate").and(page.locator('[aria-invalid="true"]')).waitFor();
    await file.fill((await file.inputValue()).replace("rate: 2", "rate: 0.4").replace("epochs: 10", "epochs: [5, 10]"));
    await expect.poll(() => field("rate").inputValue()).toBe("0.4");
    expect(await field("epochs").inputValue()).toBe("5, 10");
    await page.getByText("No mistakes: 16 trials").waitFor();
    const good = await file.inputValue();
    await file.fill(good.replace("[ ce,", "[ cee,"));
    await page.getByText('did you mean "ce"').first().waitFor();
    expect(await page.getByRole("button", { name: /line 4, column/ }).count()).toBe(1);
    expect(await button(page, "Start").isDisabled()).toBe(true);
    await file.fill(good);

    // Now a study that is trained in a moment, field by field.
    await button(page, "Remove Loss 3: GCE").click();
    await form.getByRole("combobox", { name: /^Loss 2: / }).selectOption("mae");
    await button(page, "Remove Label noise").click();
    await form.getByRole("combobox", { name: "Add: Activation" }).selectOption("tanh");
    for (const [name, value] of [
      ["name", "seen"],
      ["question", "Does it show what it trains?"],
      ["training examples", "1000"],
      ["test examples", "300"],
      ["validation examples", "200"],
      ["hidden", "[16]"],
      ["epochs", "6"],
      ["batch size", "20"],
    ])
      await field(name).fill(value);
    await form.getByText("Measures", { exact: true }).click();
    await field("look into networks").selectOption("yes");
    await form.getByText("Robustness", { exact: true }).click();
    await field("corruptions").fill("gaussianNoise");
    await field("severities").fill("1, 3");
    await page.getByText("No mistakes: 8 trials").waitFor();
    await file.fill((await file.inputValue()) + CLAIMS);
    await page.getByText("No mistakes: 8 trials").waitFor();
    await button(page, "Start").click();

    await page.waitForURL(/#\/run\?ids=/, { timeout: PATIENCE_MS });
    run = /ids=([\w-]+)/.exec(page.url())![1];
    await heading(page).getByText("seen").waitFor();
    await state(page, "finished");
    await page.locator(".answer", { hasText: "%" }).waitFor();
    await page.locator(".chart svg").waitFor();
    expect(await page.getByRole("row").filter({ hasText: "CE" }).count()).toBe(2);

    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Runs" }).click();
    const row = page.getByRole("row").filter({ hasText: run });
    const best = /^(ReLU|Tanh) · (CE|MAE)\d\d\.\d\d ± \d+\.\d\d n=2$/;
    const year = new RegExp(`${new Date().getFullYear()}.*ended`);
    await expect
      .poll(async () => (await row.getByRole("cell").allTextContents()).slice(1, 6).map((text) => text.trim()))
      .toEqual(["finished", expect.stringContaining("48 / 48"), "8 done", expect.stringMatching(best), expect.stringMatching(year)]); // biome-ignore format: one line
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

    // A colour for each level; a logarithmic axis; seconds.
    await page.getByLabel("panels by").selectOption("");
    await page.getByLabel("colour by").selectOption("loss");
    await expect.poll(() => written(page, "MAE").allTextContents()).toEqual(["MAE"]);
    await page.getByRole("checkbox", { name: "log axis" }).check();
    await written(page, "log axis").waitFor();
    await page.getByLabel("against").selectOption("seconds");
    await written(page, "seconds").waitFor();
    expect(page.url()).toMatch(/&colour=loss&log=1&x=seconds$/);
    // A line for each configuration is drawn, or not.
    await page.getByLabel("colour by").selectOption("");
    await expect.poll(() => written(page, "MAE").count()).toBe(2);
    await page.getByRole("checkbox", { name: "draw Tanh · MAE" }).uncheck();
    await expect.poll(() => written(page, "MAE").count()).toBe(1);
    await page.getByText("1 hidden by filters").waitFor();

    await page.getByRole("link", { name: "Pair by pair" }).click();
    await page.getByRole("heading", { name: "The tests" }).waitFor();
    await page.locator(".picture svg").waitFor();
    await page.getByRole("link", { name: "Claims" }).click();
    await page.getByText("CE beats MAE.").waitFor();
    await page.getByRole("cell", { name: /^(supported|contradicted|undecided)$/ }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  }, 600_000);

  it("sort, filter and group trials, open one, and export it", async () => {
    const { page, complaints } = await open(`#/run?ids=${run}&view=trials`);
    await page.getByRole("button", { name: /^test accuracy/ }).click();
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(8);
    const best = (await rows.first().locator("th").textContent())!;
    await page.getByLabel("filter").fill("mae seed 1");
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel("filter").fill("");
    for (const factor of ["loss", "activation"]) {
      await page.getByLabel("group by").selectOption(factor);
      await expect.poll(() => rows.count()).toBe(2);
      expect(await rows.first().textContent()).toMatch(/\d\d\.\d\d ± \d/);
    }
    await page.getByLabel("group by").selectOption("");
    await page.getByText("columns", { exact: true }).click();
    await page.getByRole("checkbox", { name: "test MCC" }).check();
    await page.getByRole("columnheader", { name: "test MCC" }).waitFor();
    await page.getByRole("button", { name: /^test accuracy/ }).click();
    await rows.first().getByRole("link").click();

    await heading(page).getByText(best.trim()).waitFor();
    for (const name of ["Accuracy", "Loss", "norm of the gradient of each layer"])
      await page.getByRole("group", { name, exact: true }).locator("svg").waitFor();
    for (const name of ["Confusion", "Reliability"]) await page.getByRole("img", { name }).locator("svg").waitFor();
    await page.getByRole("region", { name: "Per class" }).getByRole("row").nth(10).waitFor();
    expect(await page.getByRole("region", { name: "Robustness" }).getByRole("row").allTextContents()).toHaveLength(3);
    // A layer of the network for each line of its gradients.
    const layers = page.getByRole("group", { name: "norm of the gradient" }).locator("svg text", { hasText: /^dense/ });
    expect(await layers.count()).toBe(2);

    await page.getByRole("slider", { name: "epoch" }).focus();
    await page.keyboard.press("Home");
    await expect.poll(() => page.url()).toContain("&epoch=1");
    await button(page, "Find them").click();
    const images = page.locator(".mistakes img");
    await images.first().waitFor();
    expect(await images.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(28);
    const onnx = await downloaded(page, () => page.getByRole("link", { name: "ONNX" }).click());
    expect(onnx.name).toMatch(/\.onnx$/);
    expect(onnx.bytes.byteLength).toBeGreaterThan(10_000);
    const weights = await downloaded(page, () => page.getByRole("link", { name: "checkpoint" }).click());
    expect(weights.name).toMatch(/\.safetensors$/);
    const header = weights.bytes.subarray(8, 8 + Number(weights.bytes.readBigUInt64LE()));
    expect(Object.values(JSON.parse(String(header))).map((tensor) => (tensor as { shape?: number[] }).shape)).toContainEqual([16, 784]); // biome-ignore format: one line
    expect(complaints).toEqual([]);
    await page.close();
  }, 600_000);

  it("show the report with what lies under the keyboard, and export the run and its curves", async () => {
    const { page, complaints } = await open(`#/run?ids=${run}`);
    const csv = await downloaded(page, () => page.getByRole("link", { name: "csv", exact: true }).click());
    expect(String(csv.bytes).trim().split("\n").length).toBe(1 + 8 * 6 * 3); // trials, epochs, splits
    const curves = await downloaded(page, () => button(page, "The curves as CSV").click());
    expect([curves.name, String(curves.bytes).trim().split("\n").length]).toEqual(["accuracy-test.csv", 1 + 4 * 6]);

    const [report] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("link", { name: "Report", exact: true }).click(),
    ]);
    const seen = watch(report);
    report.setDefaultTimeout(PATIENCE_MS);
    await report.getByRole("heading", { level: 1, name: "seen" }).waitFor();
    await report.locator("#figure-test-accuracy .legend button").first().focus();
    await report.keyboard.press("End");
    expect(await report.locator("#figure-test-accuracy .said").innerText()).toMatch(/^.*, epoch 6: \d/);
    const data = await downloaded(report, () => report.locator("#figure-test-accuracy a[download]").click());
    expect(data.name).toBe("test-accuracy.csv");
    expect(complaints).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await report.close();
    await page.close();
  }, 600_000);

  it("pause, continue, stop and resume a run, whose curves grow by themselves", async () => {
    const { page, complaints } = await open(`#/study?again=${run}`);
    const file = page.getByRole("textbox", { name: "Study file" });
    await expect.poll(() => file.inputValue()).toContain("name: seen");
    const changed = (await file.inputValue()).replace("name: seen", "name: longer").replace("epochs: 6", "epochs: 3000").replace(/claims:[\s\S]*/, ""); // biome-ignore format: one line
    await file.fill(changed);
    await page.getByText("No mistakes: 8 trials").waitFor();
    await button(page, "Start").click();
    await page.waitForURL(/#\/run\?ids=/, { timeout: PATIENCE_MS });
    second = /ids=([\w-]+)/.exec(page.url())![1];

    const chart = page.locator(".chart").first();
    const reached = async () => {
      await chart.focus();
      await page.keyboard.press("End");
      return Number(/after epoch (\d+)/.exec((await chart.locator("[aria-live]").textContent()) ?? "")?.[1] ?? 0);
    };
    const patient = { timeout: PATIENCE_MS };
    await chart.locator("svg").waitFor();
    const first = await reached();
    await expect.poll(reached, patient).toBeGreaterThan(first); // nothing was asked for
    for (const [act, becomes] of [
      ["Pause", "paused"],
      ["Continue", "running"],
      ["Stop", "interrupted"],
      ["Resume", "running"],
      ["Stop", "interrupted"],
    ]) {
      await button(page, act).click(patient);
      await state(page, becomes);
    }
    expect(complaints).toEqual([]);
    await page.close();
  }, 600_000);

  it("compare runs", async () => {
    const { page, complaints } = await open("#/runs");
    for (const id of [run, second]) await page.getByRole("checkbox", { name: new RegExp(id) }).check();
    expect(page.url()).toContain(`#/runs?compare=${run},${second}`);
    await page.getByRole("link", { name: "Compare 2 runs" }).click();
    await expect.poll(() => heading(page).textContent()).toBe("seen · longer");
    // Those of the longer study differ in their epochs.
    await expect.poll(() => page.getByRole("checkbox", { name: /^draw / }).count()).toBe(8);
    await page.getByLabel("colour by").selectOption("epochs");
    await expect.poll(() => written(page, "epochs").allTextContents()).toEqual(["6 epochs", "3000 epochs"]);
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
    const { complaints } = watch(page);
    try {
      const url = await serving(0);
      await page.goto(`${url}#/runs`);
      const row = page.getByRole("row").filter({ hasText: run });
      await row.locator(".state", { hasText: "finished" }).waitFor();
      started[0].kill("SIGKILL");
      await page.getByText("Connection lost").waitFor();
      await changed.updateRun(run, { state: "interrupted" });
      await serving(Number(new URL(url).port));
      await page.getByText(/^updated/).waitFor();
      await row.locator(".state", { hasText: "interrupted" }).waitFor();
      // The browser itself tells of the connection; the page of nothing.
      expect(complaints.filter((text) => !text.includes("net::ERR_"))).toEqual([]);
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
    filling.stdin!.end(QUEUED);
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

  it.each(LOOKS)(
    "have no serious fault by axe, no line that is cut off and no complaint: %s, %s, %i pixels",
    async (locale, colorScheme, width) => {
      const { page, complaints } = await open("#/runs", { locale, colorScheme, viewport: { width, height: 900 } });
      const query = await page.evaluate(async (run) => (await fetch(`api/runs/${run}`)).json(), run);
      const trial = (query as { configurations: { trials: { id: string }[] }[] }).configurations[0].trials[0].id;
      for (const hash of [
        "#/runs",
        `#/run?ids=${run}`,
        `#/run?ids=${run}&facet=activation`,
        `#/run?ids=${run},${second}`,
        `#/run?ids=${run}&view=pairs`,
        `#/run?ids=${run}&view=trials`,
        `#/run?ids=${run}&view=claims`,
        `#/trial?id=${trial}`,
        "#/study",
      ]) {
        await page.goto(server.url + hash);
        await heading(page).waitFor();
        if (hash.includes("=")) await page.locator("table").first().waitFor();
        expect([hash, await wrongIn(page, locale)]).toEqual([hash, []]);
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
    600_000,
  );
});
