import { describe, expect, it } from "vitest";
import type { RunResults } from "../../run/records.ts";
import { answer } from "../answer.ts";
import { buildReport } from "../build.ts";
import { configurations } from "../configurations.ts";
import type { Block, ReportDocument, Said } from "../document.ts";
import { factors } from "../factors.ts";
import { crossedResults, fixtureResults, fourLosses, onDataSets } from "../fixture.ts";
import { html } from "../html.ts";
import { plainText } from "../text.ts";
import * as en from "./en/index.ts";
import { wordsIn } from "./index.ts";
import * as zh from "./zh/index.ts";

const withSpec = (r: RunResults, spec: object): RunResults => ({
  ...r,
  run: { ...r.run, spec: { ...r.run.spec, ...spec } },
});

const CASES: Record<string, RunResults> = {
  usual: withSpec(fixtureResults({ epochs: 4 }), {
    claims: [
      { id: "A", claim: "CE > MAE", test: "accuracy(ce) > accuracy(mae)" },
      { id: "B", claim: "CE ≈ F", test: "accuracy(ce) ≈ accuracy(focal(0.5))", by: "0.5 points" },
    ],
    pictures: ["fourSeries", { measure: "f1" }, "testAccuracy", { change: { by: "loss" } }, "time", { distance: "loss" }, { noise: "accuracy" }],
  }),
  "one seed, no validation": fixtureResults({ seeds: 1, epochs: 3, validation: false, state: "running" }),
  "two factors": crossedResults(3),
  "data sets": onDataSets(["mnist", "kmnist", "fashion-mnist"]),
  "one that learns nothing": fixtureResults({ configurations: [fourLosses[3]], epochs: 3 }),
}; // biome-ignore format: one case a line

/** Everything that a report says but for the study file and cells. */
function saidIn(document: ReportDocument): string[] {
  const ofBlock = (b: Block): Said[] => {
    switch (b.kind) {
      case "prose":
        return [b.text];
      case "list":
        return b.items;
      case "table":
        return [b.table.caption, ...b.table.columns.map((c) => c.header)];
      case "picture":
        return [b.picture.title, b.picture.subtitle, b.picture.alt, ...b.picture.views.flatMap((v) => [v.name, ...v.panels.flatMap((p) => [p.heading, ...texts(p.svg)])])]; // biome-ignore format: one line
      case "fold":
        return [b.heading, ...b.blocks.flatMap(ofBlock)];
      case "code":
        return [];
    }
  };
  return [...document.facts, ...document.sections.flatMap((s) => [s.heading, ...s.blocks.flatMap(ofBlock)])].map(
    plainText,
  );
}

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text.replaceAll("&amp;", "&"));

/** Labels, names of layers and data, ids: what is called the same in all languages. */
const names = (r: RunResults): string[] => {
  const all = configurations(r);
  return [
    ...all.map((c) => c.label),
    ...(factors(all) ?? []).flatMap((f) => f.levels),
    ...(dataNames(r) ?? []),
    r.run.study,
    r.run.id,
    ...["dense1", "dense2", "activation 1", "losslab", "lr 0.01", "momentum 0.9", "decay 0.0001"],
  ].sort((a, b) => b.length - a.length);
};
const dataNames = (r: RunResults): string[] => [...new Set(r.trials.map((t) => String(t.trial.data.name)))];

/** Methods and their authors keep their names too. */
const TERMS = /`[^`]*`|Holm|Hsu|Friedman|Nemenyi|Shapiro–Wilk|Greenhouse–Geisser|Mauchly|Iman–Davenport|Hendrycks|Dietterich|BCa|softmax|float32|ReLU|dropout|ROC-AUC|Brier|top-\w|losslab|UTC|yaml|epsilon|MNIST|SGD|MLP|FGSM|PGD|KL|MCC|ECE|MCE|accuracy\(\w+(\([\d.]+\))?\)/g; // biome-ignore format: one line

describe.each(Object.entries(CASES))("the languages: %s", (_, r) => {
  let built: Promise<[ReportDocument, ReportDocument]> | undefined;
  const both = () => (built ??= Promise.all([buildReport(r, { language: "en" }), buildReport(r, { language: "zh" })]));

  it("say nothing alike but names, and Chinese has no English word in it", async () => {
    const [english, chinese] = (await both()).map(saidIn);
    expect(chinese.length).toBe(english.length);
    const own = names(r);
    const bare = chinese.map((text) => own.reduce((t, name) => t.replaceAll(name, "Ω"), text).replace(TERMS, "Ω"));
    expect(chinese.filter((_, i) => /[a-z]{3,}/i.test(bare[i]))).toEqual([]);
    // Beside Chinese characters punctuation has full width, and no space next to it.
    const narrow =
      /\p{Script=Han}[,;:!?()]|[,;:!?()]\p{Script=Han}|[，。；：、（）] | [，。；：、（）]|\p{Script=Han} \p{Script=Han}/u;
    expect(bare.filter((text) => narrow.test(text))).toEqual([]);
  });

  it("are told the same facts, sentence by sentence", async () => {
    const [english, chinese] = (await both()).map(factsIn);
    expect(english.length).toBeGreaterThan(5);
    expect(chinese.map(([sentence]) => sentence)).toEqual(english.map(([sentence]) => sentence));
    // Words differ in their order, and so may the numbers between them.
    for (const [i, [sentence, numbers]] of english.entries()) expect(chinese[i][1], sentence).toEqual(numbers);
  });

  it("are said of the page", async () => {
    for (const document of await both()) {
      const page = html(document);
      expect(page).toContain(`<html lang="${wordsIn(document.language!).page.code}">`);
      expect(page.replace(/href="data:[^"]*"/g, "")).not.toMatch(/\bNaN\b(?! at)|undefined|\[object/);
    }
  });
});

/** Each sentence with the numbers that it says. */
function factsIn(document: ReportDocument): [string, string[]][] {
  const found: [string, string[]][] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (value && typeof value === "object") {
      if ("facts" in value && "parts" in value) {
        const { parts, facts } = value as { parts: (string | { text: string; value?: number })[]; facts: { sentence: string }[] };
        const numbers = parts.flatMap((p) => (typeof p !== "string" && p.value !== undefined ? [p.text] : []));
        found.push([facts.map((f) => f.sentence).join(" "), numbers.sort()]);
      } else Object.values(value).forEach(look);
    }
  };
  look(document.sections);
  return found;
} // biome-ignore format: one line a step

describe("the catalogues", () => {
  const keys = (entry: unknown, path: string): string[] =>
    typeof entry === "object" && entry !== null
      ? Object.entries(entry).flatMap(([key, inner]) => keys(inner, `${path}.${key}`))
      : [`${path}: ${typeof entry}`];

  it("have the same entries", () => {
    expect(keys({ ...zh }, "").sort()).toEqual(keys({ ...en }, "").sort());
  });

  it("answer in the language that is asked for", () => {
    const usual = fixtureResults();
    expect(answer(usual, "zh")).toMatch(/^CE 排名第一，测试准确率为 96\.\d\d ± \d\.\d\d %（3 个随机种子）；/);
    expect(answer(usual)).toMatch(/^CE is first with 96\.\d\d ± \d\.\d\d % test accuracy \(3 seeds\); /);
  });
});
