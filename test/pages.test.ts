/** The frame of the pages, as a reader uses it in Chromium. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchChromium, titled, watch } from "./browser/chromium.ts";
import { LOOKS, type ServedPages, servedPages, wrongIn } from "./browser/pages.ts";

const chromium = findChromium();

describe.skipIf("missing" in chromium)(titled(chromium, "the pages"), () => {
  let pages: ServedPages;
  let browser: Browser;
  beforeAll(async () => {
    [pages, browser] = await Promise.all([servedPages(), launchChromium((chromium as { path: string }).path)]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  const open = async (hash: string, options: Parameters<Browser["newPage"]>[0] = {}) => {
    const page = await browser.newPage(options);
    const seen = watch(page);
    await page.goto(pages.url + hash);
    return { page, ...seen };
  };
  const heading = (page: Page) => page.getByRole("heading", { level: 1 });

  it("are reached by their addresses and by the keyboard, without a complaint or a word to elsewhere", async () => {
    const { page, complaints, requests } = await open("");
    await page.getByRole("link", { name: "Open the explorer" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/explorer/);
    expect(await heading(page).textContent()).toBe("Loss explorer");
    await page.goBack();
    expect(await heading(page).textContent()).toContain("laboratory");
    await page.keyboard.press("Tab");
    await page.goto(`${pages.url}#/nowhere`);
    expect(await heading(page).textContent()).toBe("There is no such page");
    expect(complaints).toEqual([]);
    expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(new Set([new URL(pages.url).origin]));
    await page.close();
  });

  it("speak the reader's language and keep a choice", async () => {
    const { page, complaints } = await open("", { locale: "zh-CN" });
    await page.getByRole("heading", { name: "分类损失函数实验室" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("zh");
    await page.getByRole("radio", { name: "English" }).check();
    await page.getByRole("heading", { name: "A laboratory" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "A laboratory" }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("are light or dark as the reader's system is, until the reader says otherwise", async () => {
    const { page, complaints } = await open("", { colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByRole("radio", { name: "light" }).check();
    expect(await ground()).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe("rgb(255, 255, 255)");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each(LOOKS)(
    "have no serious fault by axe, and no line that is cut off: %s, %s, %i pixels",
    async (locale, colorScheme, width) => {
      const { page, complaints } = await open("", { locale, colorScheme, viewport: { width, height: 640 } });
      await heading(page).waitFor();
      expect(await wrongIn(page, locale)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
