/** The laboratory's page, as a reader uses it in Chromium: trains, pauses, exports, opens files of one's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { encode } from "fast-png";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idx, npy } from "../src/data/fixtures.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { LOOKS, type ServedPages, servedPages, wrongIn } from "./browser/pages.ts";
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
  /** Requests to anywhere but the pages' own server. */
  const abroad = (requests: readonly string[]) =>
    requests.filter((url) => !url.startsWith(pages.url) && !/^(blob|data):/.test(url));
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
    expect(abroad(requests)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("takes IDX files, arrays, pictures and tables that are dropped on it, and trains a network on each", {
    timeout: 600_000,
  }, async () => {
    const [count, side] = [60, 8];
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
    // One class is dark at the left, the other at the right.
    const pixels = Uint8Array.from({ length: count * side * side }, (_, at) => {
      const [i, x] = [Math.floor(at / (side * side)), at % side];
      return (x < side / 2 === (labels[i] === 0) ? 20 : 220) + ((at * 7) % 30);
    });
    const put = (name: string, bytes: Uint8Array | string): string => {
      const path = join(folder, "dropped", name);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, bytes);
      return path;
    };
    put("shapes/train-images-idx3-ubyte", idx([count, side, side], pixels));
    put("shapes/train-labels-idx1-ubyte", idx([count], labels));
    labels.forEach((label, i) => {
      const data = pixels.subarray(i * side * side, (i + 1) * side * side);
      put(`sides/${label ? "right" : "left"}/${i}.png`, encode({ width: side, height: side, data, channels: 1 }));
    });
    const x = put("x.npy", npy([count, side, side], pixels));
    const y = put("y.npy", npy([count], labels));
    const rows = Array.from(labels, (label, i) => `${label + (i % 9) / 20},${(i % 11) / 11},${label ? "b" : "a"}`);
    const table = put("dropped.csv", ["x,y,label", ...rows].join("\n"));

    const { page, complaints, requests } = await open("v=1&loss=ce&epochs=10&train=60");
    const session = await page.context().newCDPSession(page);
    /** As a file manager drops them. */
    async function drop(...files: string[]): Promise<void> {
      const box = (await page.getByRole("group", { name: "Your own files" }).boundingBox())!;
      const data = { items: [], files, dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const)
        await session.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + 10, data });
    }
    await ready(page);
    for (const [name, files] of [
      ["./shapes", [join(folder, "dropped/shapes")]],
      ["./sides", [join(folder, "dropped/sides")]],
      ["./files", [x, y]],
      ["./dropped.csv", [table]],
    ] as const) {
      await drop(...files);
      await expect.poll(() => page.url(), PATIENCE).toContain(`data=${name}`);
      await ready(page);
      expect([name, await page.locator(".samples li").count()]).toEqual([name, name.endsWith(".csv") ? 0 : 12]);
      await page.getByRole("button", { name: "Train" }).click();
      await finished(page);
      expect([name, (await accuracies(page))[0] > 90]).toEqual([name, true]);
    }
    expect(abroad(requests)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("draws every set of points, with sliders for wrong labels, rare classes and the seed, and begins anew", {
    timeout: 300_000,
  }, async () => {
    const { page, complaints } = await open("v=1&loss=ce&train=200");
    const set = page.getByRole("combobox", { name: "set" });
    const painted = () =>
      page.locator(".boundary canvas").nth(1).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()); // biome-ignore format: one line
    const pictures = new Set<string>();
    for (const name of ["spiral", "moons", "circles", "blobs"]) {
      await set.selectOption(name);
      await ready(page);
      await expect.poll(async () => pictures.has(await painted()), PATIENCE).toBe(false);
      pictures.add(await painted());
    }
    for (const [name, said] of [
      ["wrong labels", "noise=0.05"],
      ["imbalance", "imbalance=2"],
      ["first seed", "seed=1"],
    ]) {
      await page.getByRole("slider", { name }).focus();
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => page.url()).toContain(said);
      await ready(page);
      await expect.poll(async () => pictures.has(await painted()), PATIENCE).toBe(false); // other points, or other labels
      pictures.add(await painted());
    }
    await page.locator("h1").click();
    await page.keyboard.press("s");
    await expect.poll(() => status(page), PATIENCE).toContain("paused · epoch 1 of 60");
    await page.keyboard.press("r");
    await ready(page);
    expect(await status(page)).toContain("epoch 0 of 60");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("trains LeNet, and several losses beside each other", { timeout: 300_000 }, async () => {
    const query = "v=1&data=digits&train=200&model=lenet&activation=relu&batch=20&epochs=3&loss=ce&loss=focal(gamma=2)";
    const { page, complaints } = await open(`${query}&optimizer=adam(learningRate=0.003)`);
    await ready(page);
    await page.getByRole("button", { name: "Train" }).click();
    await finished(page);
    const found = await accuracies(page);
    expect(found).toHaveLength(2);
    for (const accuracy of found) expect(accuracy).toBeGreaterThan(30); // chance is 10
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says so where a browser offers no WebGPU", { timeout: 120_000 }, async () => {
    const { page, complaints } = await open("v=1&loss=ce&on=webgpu");
    await page.getByRole("alert").getByText("WebGPU cannot be used here").waitFor();
    await page.getByRole("radio", { name: "processor" }).check();
    await ready(page);
    expect(complaints.filter((text) => !text.includes("No available adapters"))).toEqual([]);
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

  it.each(LOOKS)(
    "has no serious fault by axe, and no line that is cut off: %s, %s, %i pixels",
    { timeout: 200_000 },
    async (locale, colorScheme, width) => {
      const viewport = { width, height: 740 };
      const { page, complaints } = await open("v=1&epochs=2&train=60", { locale, colorScheme, viewport });
      await page.locator("button.primary:enabled").click();
      await page.locator(".confusion").waitFor();
      await page.locator("button.primary:disabled").waitFor(); // finished
      expect(await wrongIn(page, locale)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
