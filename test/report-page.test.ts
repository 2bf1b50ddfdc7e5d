/** A report's page in Chromium: values under the pointer and along the keyboard, curves shown and hidden, linear and log, paper. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixtureResults } from "../src/report/fixture.ts";
import { renderReport } from "../src/report/index.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";

const found = findChromium();
const results = fixtureResults({ epochs: 8 });
const T975_OF_3 = 4.302653;

/** Test accuracy of CE after an epoch, as the page says it. */
function accuracyOfCe(epoch: number): { mean: number; said: string } {
  const values = results.trials
    .filter((t) => "ce" in t.trial.loss && t.status === "done")
    .map((t) => t.history[epoch - 1].test.accuracy);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const sd = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1));
  const half = (T975_OF_3 * sd) / Math.sqrt(values.length);
  return { mean, said: `${(100 * mean).toFixed(2)} ± ${(100 * half).toFixed(2)}` };
}

const test = it.skipIf("missing" in found);
let browser: Browser;
let page: Page;
let seen: ReturnType<typeof watch>;
const folder = mkdtempSync(join(tmpdir(), "losslab-page-"));

beforeAll(async () => {
  if ("missing" in found) return;
  const { text } = await renderReport(results, { format: "html" });
  writeFileSync(join(folder, "report.html"), text);
  browser = await launchChromium(found.path);
  page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  page.setDefaultTimeout(60_000);
  seen = watch(page);
  await page.goto(pathToFileURL(join(folder, "report.html")).href);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Where a value lies on the screen. */
const placeOf = (figure: string, epoch: number, value: number): Promise<{ x: number; y: number }> =>
  page.evaluate(
    ([id, e, v]) => {
      const boxes = [...document.querySelectorAll<HTMLElement>(`#figure-${id} [data-frame]`)];
      const box = boxes.find((b) => b.getClientRects().length > 0)!;
      box.scrollIntoView({ block: "center", behavior: "instant" });
      const svg = box.querySelector("svg")!;
      const { x, y, width } = svg.getBoundingClientRect();
      const scale = width / svg.viewBox.baseVal.width;
      const [left, top, w, h, x0, x1, y0, y1, log] = JSON.parse(box.dataset.frame!);
      const up = log ? Math.log(v / y0) / Math.log(y1 / y0) : (v - y0) / (y1 - y0);
      return { x: x + scale * (left + (w * (e - x0)) / (x1 - x0)), y: y + scale * (top + h * (1 - up)) };
    },
    [figure, epoch, value] as const,
  );
const tip = () => page.locator(".tip").innerText();
const ticks = () => page.locator("#figure-test-loss .view:visible .wide .role-axis-label text").allInnerTexts();
const button = (figure: string, name: string) => page.locator(`#figure-${figure} .legend button`, { hasText: name });

test(titled(found, "says what lies under the pointer, as it is in the data"), { timeout: 120_000 }, async () => {
  for (const epoch of [3, 8]) {
    const { mean, said } = accuracyOfCe(epoch);
    const at = await placeOf("test-accuracy", epoch, 100 * mean);
    await page.mouse.move(at.x + 2, at.y);
    expect((await tip()).split("\n").join(" ")).toBe(`CE epoch ${epoch} ${said} n = 3`);
  }
  await page.mouse.move(5, 5);
  expect(await page.locator(".tip").count()).toBe(0);
});

test("reads along a curve with the keyboard, aloud", { timeout: 120_000 }, async () => {
  await button("test-accuracy", "CE").focus();
  await page.keyboard.press("End");
  const said = page.locator("#figure-test-accuracy .said");
  expect(await said.innerText()).toBe(`CE, epoch 8: ${accuracyOfCe(8).said}`);
  await page.keyboard.press("ArrowLeft");
  expect(await said.innerText()).toBe(`CE, epoch 7: ${accuracyOfCe(7).said}`);
  await page.keyboard.press("Escape");
  expect(await page.locator(".tip").count()).toBe(0);
});

test("hides and shows a curve with all that belongs to it, on the screen alone", { timeout: 120_000 }, async () => {
  const ce = button("test-accuracy", "CE");
  const marks = page.locator("#figure-test-accuracy .wide [data-s='0']");
  const shown = async () => (await marks.all()).length > 3 && (await marks.first().isVisible());
  expect(await shown()).toBe(true);
  await ce.focus();
  await page.keyboard.press("Space");
  expect(await ce.getAttribute("aria-pressed")).toBe("false");
  expect(await shown()).toBe(false);
  const { mean } = accuracyOfCe(8);
  const at = await placeOf("test-accuracy", 8, 100 * mean);
  await page.mouse.move(at.x, at.y);
  expect(await tip()).not.toContain("CE\n");
  await page.emulateMedia({ media: "print" });
  expect(await shown()).toBe(true);
  expect(await page.locator(".legend:visible, .tip:visible").count()).toBe(0);
  await page.emulateMedia({ media: "screen" });
  await ce.click();
  expect([await ce.getAttribute("aria-pressed"), await shown()]).toEqual(["true", true]);
});

test("fits on paper: no table and no picture is wider than the page", { timeout: 120_000 }, async () => {
  const screen = page.viewportSize()!;
  const paper = 688; // A4 within its margins, in pixels of CSS
  await page.setViewportSize({ width: paper, height: 1000 });
  await page.emulateMedia({ media: "print" });
  const beyond = await page.evaluate(() => {
    const right = document.documentElement.clientWidth + 1;
    return [...document.querySelectorAll("main *")].filter((e) => e.getClientRects().length > 0 && e.getBoundingClientRect().right > right).map((e) => e.outerHTML.slice(0, 80)); // biome-ignore format: one line
  });
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize(screen);
  expect(beyond).toEqual([]);
  expect(await page.locator("table.wide").count()).toBeGreaterThan(0);
});

test("changes the axis of losses, and says the same values on both", { timeout: 120_000 }, async () => {
  const values = results.trials
    .filter((t) => "ce" in t.trial.loss && t.status === "done")
    .map((t) => t.history[7].test.loss);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const seenTicks: string[][] = [];
  for (const name of ["log", "linear"]) {
    await page.locator("#figure-test-loss label", { hasText: name }).click();
    seenTicks.push(await ticks());
    const at = await placeOf("test-loss", 8, mean);
    await page.mouse.move(at.x, at.y);
    expect((await tip()).split("\n").slice(0, 2)).toEqual(["CE", "epoch 8"]);
    expect(Number((await tip()).split("\n")[2].split(" ")[0])).toBeCloseTo(mean, 3);
  }
  expect(seenTicks[0]).not.toEqual(seenTicks[1]);
});

test("asks for nothing and complains of nothing", () => {
  expect(seen.complaints).toEqual([]);
  expect(seen.requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
});

test("is whole without its script", { timeout: 120_000 }, async () => {
  const still = await browser.newContext({ javaScriptEnabled: false });
  const other = await still.newPage();
  await other.goto(pathToFileURL(join(folder, "report.html")).href);
  expect(await other.locator("#figure-test-accuracy .wide svg").first().isVisible()).toBe(true);
  expect(await other.locator(".legend").count()).toBe(0);
  await still.close();
});

test("has Chinese words in Chinese", { timeout: 120_000 }, async () => {
  const { text } = await renderReport(results, { format: "html", language: "zh" });
  writeFileSync(join(folder, "zh.html"), text);
  await page.goto(pathToFileURL(join(folder, "zh.html")).href);
  expect(await page.locator("#figure-test-accuracy .legend").getAttribute("aria-label")).toBe("显示");
  await button("test-accuracy", "CE").focus();
  await page.keyboard.press("Home");
  expect(await page.locator("#figure-test-accuracy .said").innerText()).toMatch(/^CE, 第 1 轮: /);
});
