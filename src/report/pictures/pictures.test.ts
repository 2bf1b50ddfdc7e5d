import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkStudy } from "../../study/parse.ts";
import { type AskedPicture, pictureKinds, picturesOf } from "../../study/picture-kinds.ts";
import { zoo } from "../../zoo/index.ts";
import { buildReport } from "../build.ts";
import { reportContext } from "../context.ts";
import type { Picture } from "../document.ts";
import { ce, fixtureResults, focal, sgd } from "../fixture.ts";
import { pictureBlocks } from "./index.ts";

const results = fixtureResults({
  configurations: [ce, focal(0.5)].flatMap((loss) =>
    [0.1, 0.01].map((rate) => ({ loss, optimizer: sgd(rate), accuracy: 0.9 })),
  ),
  seeds: 3,
  epochs: 6,
});
for (const { history } of results.trials)
  for (const record of history) record.noisyTest = { ...record.test, accuracy: record.test.accuracy - 0.1 };
const context = reportContext(results, {});

const every: AskedPicture[] = picturesOf([
  "fourSeries",
  { measure: ["loss", "accuracy", "precision", "recall", "f1"] },
  { testAccuracy: ["all", "optimizer", "loss"] },
  { change: { by: "optimizer", marks: "points" } },
  { trainAndTest: ["loss", "accuracy"] },
  { distance: { of: ["loss", "accuracy"], by: ["all", "optimizer"] } },
  { noise: { of: ["loss", "accuracy"], by: "optimizer" } },
  "time",
]);

const drawn = async (asked: readonly AskedPicture[]): Promise<Picture[]> =>
  (await pictureBlocks(context, asked)).flatMap((b) => (b.kind === "picture" ? b.picture : []));

const rows = (csv: string): string[][] => csv.trim().split(/\r?\n/).slice(1).map((line) => line.split(",")); // biome-ignore format: one line

describe("pictures that a study asks for", () => {
  const warn = vi.spyOn(console, "warn");
  beforeEach(() => void warn.mockReset());
  afterEach(() => void warn.mockReset());

  it("are drawn, every kind, under names of their own, with nothing unpainted", async () => {
    const pictures = await drawn(every);
    expect(pictures).toHaveLength(every.length);
    expect(new Set(pictures.map((p) => p.id)).size).toBe(every.length);
    for (const kind of Object.keys(pictureKinds)) expect(every.some((e) => e.kind === kind)).toBe(true);
    for (const { views, title } of pictures) {
      expect(title).not.toBe("");
      for (const { svg } of views.flatMap((v) => v.panels)) expect(svg).not.toMatch(/#0101|NaN|undefined|Infinity/);
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it("stand in frames by a part, whose names leave that part out", async () => {
    const [{ views, csv }] = await drawn(picturesOf({ distance: { of: "loss", by: "optimizer" } }));
    expect(views[0].panels.map((p) => p.heading)).toEqual([
      "SGD lr 0.1, momentum 0.9, decay 0.0001",
      "SGD lr 0.01, momentum 0.9, decay 0.0001",
    ]);
    expect(csv).not.toContain("CE · SGD");
  });

  it("have a logarithmic axis to choose where losses are drawn", async () => {
    const [loss, accuracy] = await drawn(picturesOf([{ measure: "loss" }, { measure: "accuracy" }]));
    expect(loss.views.map(({ panels }) => panels[0].frames!.wide.log)).toEqual([false, true]);
    expect(accuracy.views).toHaveLength(1);
  });

  it("hold the differences that they say", async () => {
    const [noise] = await drawn(picturesOf({ noise: "accuracy" }));
    for (const [, , , mean] of rows(noise.csv)) expect(Number(mean)).toBeCloseTo(-0.1, 12);
    const [gap] = await drawn(picturesOf({ distance: "accuracy" }));
    const last = context.configurations[0].done.map(({ history }) => history[5]);
    const expected = last.reduce((sum, r) => sum + r.train.accuracy - r.test.accuracy, 0) / last.length;
    expect(Number(rows(gap.csv).find(([, label, epoch]) => label === context.configurations[0].label && epoch === "6")![3])).toBe(Number(expected.toPrecision(9))); // biome-ignore format: one line
  });

  it("are points instead of lines where that is asked for", async () => {
    const [lines, points] = await drawn(picturesOf(["fourSeries", { fourSeries: { marks: "points" } }]));
    const marks = ({ views }: Picture) => (views[0].panels[0].svg.match(/mark-symbol/g) ?? []).length;
    expect(marks(points)).toBeGreaterThan(marks(lines));
  });

  it("come into the report of a study that names them, and mistakes are told", async () => {
    const asking = { ...results, run: { ...results.run, spec: { ...results.run.spec, pictures: "time" } } };
    const ids = async (of: typeof results) => (await buildReport(of)).sections.map((s) => s.id);
    expect(await ids(asking)).toContain("pictures");
    expect(await ids(results)).not.toContain("pictures");
    const check = (pictures: unknown) => () => checkStudy({ said: { name: "s", pictures }, where: (p) => p.path.join(".") }, [], zoo); // biome-ignore format: one line
    expect(check(["time", { distance: { by: ["all", "optimizer"] } }])).not.toThrow();
    expect(check("tiem")).toThrow('there is no picture "tiem"');
    expect(check({ noise: { by: "optimiser" } })).toThrow(/must be one of all, loss, optimizer/);
    expect(check(["time", "noise"])).toThrow("draws the test set under noise, which is not measured");
  });
});
