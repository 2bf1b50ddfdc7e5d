/** The loss explorer, as a reader uses it in Chromium. */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateLoss } from "../src/core.ts";
import { marginOf } from "../src/library/loss-curve.ts";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { LOOKS, type ServedPages, servedPages, wrongIn } from "./browser/pages.ts";

const chromium = findChromium();

describe.skipIf("missing" in chromium)(titled(chromium, "the loss explorer"), () => {
  let pages: ServedPages;
  let browser: Browser;
  beforeAll(async () => {
    [pages, browser] = await Promise.all([servedPages(), launchChromium((chromium as { path: string }).path)]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  /** The number in a row of the table of values. */
  const cell = async (page: Page, row: string | RegExp, column: number): Promise<number> => {
    const text = await page.getByRole("row", { name: row }).first().getByRole("cell").nth(column).getAttribute("title");
    return Number(text);
  };
  const at = (spec: object | string, p: number, classes: number) => {
    const logits = [[marginOf(p, classes), ...new Array<number>(classes - 1).fill(0)]];
    return evaluateLoss(spec as string, { logits, targets: [0], classCounts: new Array<number>(classes).fill(1) });
  };

  it("shows values and gradients as parameters move, keeps them in the address and gives them as CSV", {
    timeout: 180_000,
  }, async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    page.setDefaultTimeout(60_000);
    const { complaints } = watch(page);
    await page.goto(`${pages.url}#/explorer`);
    await page.getByRole("row", { name: /^CE/ }).waitFor();
    await expect.poll(() => cell(page, /^CE/, 0), { timeout: 60_000 }).toBeCloseTo(-Math.log(0.2), 5);
    expect(await page.locator(".picture svg path").count()).toBeGreaterThan(8);
    expect(await page.locator("math").count()).toBe(4);

    // γ of the focal loss, by the keyboard.
    const gamma = page.getByRole("slider", { name: "gamma" });
    await gamma.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    const moved = Number(await gamma.inputValue());
    expect(moved).toBeGreaterThan(2);
    const expected = at({ focal: { gamma: moved } }, 0.2, 2);
    await expect.poll(() => cell(page, /^focal/, 0), { timeout: 60_000 }).toBeCloseTo(expected.mean, 4);
    expect(await cell(page, /^focal/, 1)).toBeCloseTo(expected.gradLogits[0][0], 4);
    expect(page.url()).toContain(`loss=focal(gamma=${moved})`);

    // Ten classes, and a formula of one's own beside the others.
    await page.getByRole("spinbutton", { name: "classes" }).fill("10");
    await page.getByRole("button", { name: "Type a formula" }).click();
    const formula = page.getByRole("textbox", { name: "expression" });
    await formula.fill("(1 - p)^2");
    await formula.press("Enter");
    await expect.poll(() => cell(page, /\(1 - p\)\^2/, 0), { timeout: 60_000 }).toBeCloseTo(0.64, 4);
    await formula.fill("(1 - p)^");
    await formula.press("Enter");
    await page.getByRole("alert").first().waitFor();
    await formula.fill("1 - q");
    await formula.press("Enter");
    await expect.poll(() => page.getByRole("alert").first().textContent(), { timeout: 60_000 }).toContain('"q"');
    await formula.fill("1 - p");
    await formula.press("Enter");
    await expect.poll(() => cell(page, /^1 - p/, 0), { timeout: 60_000 }).toBeCloseTo(0.8, 4);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Data as CSV" }).click(),
    ]);
    const csv = await readFile(await download.path(), "utf8");
    expect(csv.split("\n")[0].trim()).toBe("loss,classes,p,margin,value,gradient");
    expect(csv.split("\n").length).toBeGreaterThan(1000);

    // The address alone brings it back.
    const url = page.url();
    await page.goto("about:blank");
    await page.goto(url);
    await expect.poll(() => cell(page, /^1 - p/, 0), { timeout: 60_000 }).toBeCloseTo(0.8, 4);
    expect(Number(await page.getByRole("slider", { name: "gamma" }).inputValue())).toBe(moved);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("moves every parameter: γ, α, Δ, q and smoothing", { timeout: 180_000 }, async () => {
    const query = "loss=focal(gamma=1)&loss=hinge(delta=2)&loss=generalizedCe(q=0.5)&loss=ce(labelSmoothing=0.1)";
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    const { complaints } = watch(page);
    await page.goto(`${pages.url}#/explorer?v=1&classes=4&${query}`);
    /** Moves the slider of a loss three steps to the right. */
    async function move(place: number, name: string): Promise<number> {
      const slider = page.locator(".loss").nth(place).getByRole("slider", { name, exact: true });
      const [before, step] = [Number(await slider.inputValue()), Number(await slider.getAttribute("step"))];
      await slider.focus();
      for (let i = 0; i < 3; i++) {
        const here = page.url();
        await page.keyboard.press("ArrowRight");
        await expect.poll(() => page.url()).not.toBe(here);
      }
      // It is the same slider that moved, and the keys still mean it.
      expect([name, await slider.evaluate((element) => element === document.activeElement)]).toEqual([name, true]);
      const after = Number(await slider.inputValue());
      expect(after).toBeCloseTo(before + 3 * step, 9);
      return after;
    }
    const specs: [RegExp, object][] = [
      [/^focal/, { focal: { gamma: await move(0, "gamma"), alpha: await move(0, "alpha") } }],
      [/^hinge/i, { hinge: { delta: await move(1, "delta") } }],
      [/^GCE/, { generalizedCe: { q: await move(2, "q") } }],
      [/^CE/, { ce: { labelSmoothing: await move(3, "label smoothing") } }],
    ];
    for (const [row, spec] of specs) {
      const { mean, gradLogits } = at(spec, 0.2, 4);
      await expect.poll(() => cell(page, row, 0), { timeout: 60_000 }).toBeCloseTo(mean, 4);
      expect(await cell(page, row, 1)).toBeCloseTo(gradLogits[0][0], 4);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("draws both axes and the maps of three classes anew, and says where formulas are from", {
    timeout: 180_000,
  }, async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    const { complaints } = watch(page);
    await page.goto(`${pages.url}#/explorer?v=1&loss=mae`);
    const axes = () => page.locator(".picture svg text").allTextContents();
    await page.locator(".picture svg").waitFor();
    expect(await axes()).toContain("loss");
    await page.getByRole("radio", { name: "log", exact: true }).check();
    await expect.poll(axes).toContain("loss, log axis");
    expect(page.url()).toContain("axis=log");

    // The mean absolute error of three probabilities is 2 (1 - p) / 3.
    const range = page.locator(".simplex p", { hasText: "–" });
    await expect.poll(() => range.textContent()).toMatch(/^loss: 0\.0\d+ – 0\.6[56]/);
    const colours = () =>
      page.locator(".simplex canvas").evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
    expect(await colours()).toBeGreaterThan(50);
    await page.getByRole("radio", { name: "size of the gradient" }).check();
    await expect.poll(() => range.textContent()).toMatch(/^size of the gradient: /);

    expect(await page.locator("article math").count()).toBe(1);
    expect(await page.locator("article").textContent()).toContain("Source: Ghosh et al., 2017");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says what is wrong with an address", { timeout: 120_000 }, async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const { complaints } = watch(page);
    await page.goto(`${pages.url}#/explorer?v=1&loss=focl&classes=1`);
    const alert = page.getByRole("alert").first();
    expect(await alert.textContent()).toContain('did you mean "focal"');
    expect(await alert.textContent()).toContain("classes=1: expected a whole number from 2 to 1000");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each(LOOKS)(
    "has no serious fault by axe, and no line that is cut off: %s, %s, %i pixels",
    { timeout: 120_000 },
    async (locale, colorScheme, width) => {
      const page = await browser.newPage({ locale, colorScheme, viewport: { width, height: 740 } });
      page.setDefaultTimeout(60_000);
      const { complaints } = watch(page);
      await page.goto(`${pages.url}#/explorer`);
      await page.locator(".picture svg").waitFor();
      await page.locator(".simplex").first().waitFor();
      expect(await wrongIn(page, locale)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
