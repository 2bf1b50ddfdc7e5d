/** The laboratory's page, as a reader uses it in Chromium: trains, pauses, exports, opens files of one's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeBackend } from "../src/run/node-backend.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { faults, type ServedPages, servedPages } from "./browser/pages.ts";
import { losslabIn } from "./program.ts";

const chromium = findChromium();
const PATIENCE = { timeout: 120_000 };

describe.skipIf("missing" in chromium)(titled(chromium, "the laboratory"), () => {
  let pages: ServedPages;
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "losslab-laboratory-"));
    [pages, browser] = await Promise.all([servedPages(), launchChromium((chromium as { path: string }).path)]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    rmSync(folder, { recursive: true });
  });

  const open = async (query: string, options: Parameters<Browser["newPage"]>[0] = {}) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
    page.setDefaultTimeout(PATIENCE.timeout);
    const seen = watch(page);
    await page.goto(`${pages.url}#/laboratory?${query}`);
    return { page, ...seen };
  };
  const status = (page: Page) => page.getByRole("status").textContent();
  const ready = (page: Page) => expect.poll(() => status(page), PATIENCE).toContain("ready: space");
  const finished = (page: Page) => expect.poll(() => status(page), PATIENCE).toContain("finished");
  /** Test accuracies in percent, in the order of the losses. */
  const accuracies = async (page: Page): Promise<number[]> => {
    const rows = page.locator(".centre tbody tr");
    const texts = await Promise.all((await rows.all()).map((row) => row.getByRole("cell").first().textContent()));
    return texts.map(Number);
  };
  async function download(page: Page, name: string | RegExp): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  it("trains until most is right, and what it exports repeats it on the command line", {
    timeout: 400_000,
  }, async () => {
    const query = "v=1&data=blobs&train=300&epochs=12&loss=ce&loss=focal(gamma=2)&noise=0.1&seeds=2";
    const { page, complaints, requests } = await open(query);
    await ready(page);
    await page.locator("h1").click(); // no field has the focus
    await page.keyboard.press("s");
    await expect.poll(() => status(page), PATIENCE).toContain("paused · epoch 1 of 12");
    await page.keyboard.press("Space");
    await finished(page);
    for (const accuracy of (await page.locator(".centre tbody td:nth-of-type(1)").allTextContents()).map(
      Number.parseFloat,
    ))
      expect(accuracy).toBeGreaterThan(90);
    expect(await page.locator(".boundary").count()).toBe(2);
    expect(complaints).toEqual([]);
    expect(new Set(requests.map((url) => new URL(url).hostname))).toEqual(new Set(["localhost"]));

    const study = await download(page, "Study file");
    const results = parse(await readFile(await download(page, "Results as CSV"), "utf8"), { columns: true }) as Record<
      string,
      string
    >[];
    const run = losslabIn(folder, ["run", study, "--store", "store", "--no-report", "--json"]);
    expect(run.stderr).not.toContain("error");
    const exported = losslabIn(folder, ["results", "--store", "store", "--json", "--history"]);
    const { trials } = JSON.parse(exported.stdout) as {
      trials: {
        id: string;
        history: { epoch: number; train: { loss: number }; test: { loss: number; accuracy: number } }[];
      }[];
    };
    expect(trials).toHaveLength(4);
    for (const { id, history } of trials) {
      for (const { epoch, train, test } of history) {
        const own = (split: string) =>
          results.find((r) => r.trial === id && Number(r.epoch) === epoch && r.split === split)!;
        // Rounding grows while a network trains.
        const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-4 * Math.max(1, Math.abs(b)));
        near(Number(own("train").loss_value), train.loss);
        near(Number(own("test").loss_value), test.loss);
        expect(Math.abs(Number(own("test").accuracy) - test.accuracy)).toBeLessThanOrEqual(0.002);
      }
    }

    const model = await readFile(await download(page, /^ONNX model/));
    const session = await nodeBackend().session(model);
    const { probabilities } = await session.run({
      input: nodeBackend().tensor("float32", Float32Array.of(-0.7, -0.7), [1, 2]),
    });
    const row = Array.from(probabilities.data as Float32Array);
    expect(row.indexOf(Math.max(...row))).toBe(0);
    await session.release();
    await page.close();
  });

  it("learns drawn digits, pauses while it does, and comes back from its address", {
    timeout: 400_000,
  }, async () => {
    const query =
      "v=1&data=digits&train=3000&model=mlp(hidden=[28])&activation=relu&optimizer=adam(learningRate=0.003)&batch=50&epochs=12&loss=ce";
    const { page, complaints } = await open(query);
    await ready(page);
    await page.getByRole("button", { name: "Train" }).click();
    await expect.poll(() => status(page), PATIENCE).toMatch(/epoch [1-9]/);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => status(page), PATIENCE).toContain("paused");
    const before = await status(page);
    await page.waitForTimeout(500);
    expect(await status(page)).toBe(before);
    await page.getByRole("button", { name: "Go on" }).click();
    await finished(page);
    expect((await accuracies(page))[0]).toBeGreaterThan(90);
    expect(await page.locator(".samples li").count()).toBe(24);
    expect(await page.locator(".confusion tbody tr").count()).toBe(10);
    await page.reload();
    await ready(page);
    expect(await page.getByRole("combobox", { name: "set" }).inputValue()).toBe("digits");
    expect(await page.getByRole("spinbutton", { name: "examples" }).inputValue()).toBe("3000");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("trains on the reader's own table, says what is wrong with another, and sends neither anywhere", {
    timeout: 300_000,
  }, async () => {
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${(i % 2) + ((i * 7) % 10) / 20},${((i * 3) % 11) / 11},${i % 2 ? "b" : "a"}`,
    );
    writeFileSync(join(folder, "own.csv"), ["x,y,label", ...rows].join("\n"));
    writeFileSync(join(folder, "bad.csv"), ["x,y,label", "1,two,a", "1,2,b"].join("\n"));
    const { page, requests, complaints } = await open("v=1&loss=ce&epochs=10&train=60");
    await ready(page);
    const sent: string[] = [];
    page.on("request", (r) => (r.method() !== "GET" || r.postData() !== null) && sent.push(r.url()));
    const input = page.locator('input[type="file"]').first();
    await input.setInputFiles(join(folder, "own.csv"));
    await expect.poll(() => page.url(), PATIENCE).toContain("data=./own.csv");
    await ready(page);
    await page.getByRole("button", { name: "Train" }).click();
    await finished(page);
    expect((await accuracies(page))[0]).toBeGreaterThan(90);
    await input.setInputFiles(join(folder, "bad.csv"));
    await expect
      .poll(() => page.getByRole("alert").first().textContent(), PATIENCE)
      .toContain('y is "two", expected a number');
    expect(sent).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(pages.url) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("trains with a single thread where the host does not isolate pages", { timeout: 300_000 }, async () => {
    const plain = await servedPages({ isolated: false });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE.timeout);
      const { complaints } = watch(page);
      await page.goto(`${plain.url}#/laboratory?v=1&data=moons&train=100&epochs=3&loss=ce`);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      await ready(page);
      await page.getByRole("button", { name: "Train" }).click();
      await finished(page);
      expect(await page.getByText("one thread").count()).toBe(1);
      expect(complaints).toEqual([]);
      await page.close();
    } finally {
      await plain.close();
    }
  });

  it.each(["light", "dark"] as const)(
    "has no serious fault by axe, and fits 360 pixels: %s",
    { timeout: 200_000 },
    async (colorScheme) => {
      const { page } = await open("v=1&epochs=2&train=60", { colorScheme, viewport: { width: 360, height: 740 } });
      await ready(page);
      await page.getByRole("button", { name: "Train" }).click();
      await finished(page);
      await page.locator(".confusion").waitFor();
      expect(await faults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.close();
    },
  );
});
