import { unzlibSync } from "fflate";
import { describe, expect, it, vi } from "vitest";
import { buildReport } from "../build.ts";
import { fixtureResults, manyConfigurations } from "../fixture.ts";
import { textWidth } from "../text-width.ts";
import { onPaper } from "./figures.ts";
import { hanFont, hasHan, runsOf } from "./fonts.ts";
import { pdf } from "./index.ts";
import { partsOf } from "./tables.ts";

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const hasHanFont = (() => {
  try {
    return Boolean(hanFont());
  } catch {
    console.warn(
      "src/report/pdf/pdf.test.ts: Chinese pictures are not looked at: no font with Chinese characters here",
    );
    return false;
  }
})();

/** What the pages draw. */
const streams = (file: string): string =>
  [...file.matchAll(/\/Filter \/FlateDecode[^>]*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)]
    .map(([, packed]) => {
      try {
        return latin1(unzlibSync(Buffer.from(packed, "latin1")));
      } catch {
        return ""; // fonts
      }
    })
    .join("\n");

describe("the report as PDF", () => {
  it("has pages of A4, contents that lead to its sections, fonts in it, and pictures as vectors", async () => {
    const document = await buildReport(fixtureResults({ epochs: 3 }));
    const file = latin1(await pdf(document));
    expect(file.startsWith("%PDF-1.")).toBe(true);
    const pages = [...file.matchAll(/\/Type \/Page\b[^s]/g)].length;
    expect(pages).toBeGreaterThan(5);
    expect([...file.matchAll(/\/MediaBox \[0 0 595\.28 841\.89\]/g)].length).toBe(pages);
    expect(file).not.toContain("/Subtype /Image");
    expect(file).toMatch(/DejaVuSansCondensed/);
    expect([...file.matchAll(/\/FontFile[23] /g)].length).toBeGreaterThanOrEqual(3);
    // Every section in the outline and as a link of the contents.
    expect([...file.matchAll(/\/Subtype \/Link/g)].length).toBeGreaterThanOrEqual(document.sections.length);
    // Curves are lines and areas.
    expect([...streams(file).matchAll(/ l\n/g)].length).toBeGreaterThan(500);
  });

  it("tells which font it lacks", async () => {
    const document = await buildReport(fixtureResults({ epochs: 2 }), { language: "zh" });
    await expect(pdf(document, { font: "/no/such/font.ttf" })).rejects.toThrow(/no such file/);
  });

  it.skipIf(!hasHanFont)("draws Chinese characters in pictures too, and has nothing to warn of", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const file = latin1(await pdf(await buildReport(fixtureResults({ epochs: 2 }), { language: "zh" })));
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
    expect(file).not.toMatch(/\/BaseFont \/Helvetica/);
  });

  it("parts wide tables, each part no wider than the page and with the names of the rows", async () => {
    const wide = (
      await buildReport(fixtureResults({ configurations: manyConfigurations(6), seeds: 2, epochs: 2 }))
    ).sections
      .flatMap((s) => s.blocks)
      .flatMap((b) => (b.kind === "table" ? [b.table] : []));
    for (const table of wide) {
      const parts = partsOf(table, 493);
      expect(new Set(parts.flatMap((p) => p.places))).toEqual(new Set(table.columns.keys()));
      for (const { places, widths } of parts) {
        expect(places[0]).toBe(0);
        expect(widths.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(493.01);
      }
    }
  });
});

describe("text on paper", () => {
  it("is in the font that has it", () => {
    expect(runsOf("测试准确率，96 %（CE）")).toEqual([
      { text: "测试准确率，", han: true },
      { text: "96 %", han: false },
      { text: "（", han: true },
      { text: "CE", han: false },
      { text: "）", han: true },
    ]);
    expect(hasHan("CE γ=2 ≈ 96 %")).toBe(false);
    expect(onPaper('<svg viewBox="0 0 1 1"><text x="1">第 3 轮</text></svg>')).toContain(
      '<tspan font-family="HanInPictures">第</tspan> 3 <tspan font-family="HanInPictures">轮</tspan>',
    );
    expect(textWidth("轮", 10)).toBe(10);
  });
});
