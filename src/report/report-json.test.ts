import { describe, expect, it } from "vitest";
import { buildReport } from "./build.ts";
import { configurations } from "./configurations.ts";
import { crossedResults, fixtureResults } from "./fixture.ts";
import { renderReport } from "./report.ts";
import { reportJson, reportSchema } from "./report-json.ts";

describe.each([
  ["usual", fixtureResults({ epochs: 3 })],
  ["two factors", crossedResults(3)],
  ["one seed", fixtureResults({ epochs: 2, seeds: 1, validation: false })],
])("the report as data: %s", (_, results) => {
  it("is as its schema says, in what programs read back", async () => {
    const text = (await renderReport(results, { format: "json" })).text;
    const read = reportSchema.parse(JSON.parse(text));
    expect(read.title).toBe("four-losses");
    expect(JSON.stringify(read)).not.toContain("undefined");
  });

  it("has the unrounded numbers of sentences and cells, and the points of the pictures", async () => {
    const { sections } = reportJson(await buildReport(results), results);
    const all = configurations(results);
    const best = all.reduce((a, b) =>
      (b.summaries.testAccuracy?.mean ?? 0) > (a.summaries.testAccuracy?.mean ?? 0) ? b : a,
    );
    const { mean } = best.summaries.testAccuracy!;
    const [answer] = sections.find((s) => s.id === "answer")!.blocks;
    expect(answer.kind === "prose" && answer.numbers[0]).toMatchObject({ value: mean, configuration: best.key });
    const ranking = sections.find((s) => s.id === "ranking")!.blocks;
    const table = ranking.flatMap((b) => (b.kind === "table" ? [b] : []))[0];
    expect(table.rows[0][0]).toMatchObject({ text: best.label, configuration: best.key });
    expect(table.rows[0][1].value).toBe(mean);
    const curves = sections.find((s) => s.id === "curves")!.blocks.flatMap((b) => (b.kind === "picture" ? [b] : []))[0];
    const last = curves.data.rows.filter(([label]) => label === best.label).at(-1)!;
    expect(last[curves.data.columns.indexOf("mean")]).toBe(Number(mean.toPrecision(9)));
  });
});
