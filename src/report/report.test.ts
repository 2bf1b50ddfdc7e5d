import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunResults } from "../run/records.ts";
import { percent } from "../util/format.ts";
import { buildReport } from "./build.ts";
import { judgedClaims } from "./claims.ts";
import { configurations } from "./configurations.ts";
import { reportContext } from "./context.ts";
import type { Block, Picture, ReportDocument } from "./document.ts";
import { crossedResults, fixtureResults, focal, fourLosses, manyConfigurations, onDataSets } from "./fixture.ts";
import { html } from "./html.ts";
import { STYLE } from "./html-style.ts";
import { markdown } from "./markdown.ts";
import { INKS } from "./palette.ts";
import { renderReport } from "./report.ts";
import { answerSection } from "./sections/answer.ts";
import { plainText } from "./text.ts";

const results = fixtureResults();

const blocks = (d: ReportDocument): Block[] => {
  const inner = (b: Block): Block[] => (b.kind === "fold" ? [b, ...b.blocks.flatMap(inner)] : [b]);
  return d.sections.flatMap((s) => s.blocks.flatMap(inner));
};
const pictures = (d: ReportDocument): Picture[] => blocks(d).flatMap((b) => (b.kind === "picture" ? [b.picture] : []));

const VOID = new Set(["meta", "link", "input", "br", "img", "!doctype"]);
/** Throws unless every element that is opened is closed, in order. */
function checkNesting(html: string): void {
  const open: string[] = [];
  for (const [, close, tag, self] of html.matchAll(
    /<(\/?)([a-zA-Z!][\w-]*)(?:\s+[^\s=>"]+(?:="[^"]*"|='[^']*')?)*\s*(\/?)>/g,
  )) {
    const name = tag.toLowerCase();
    if (self || VOID.has(name)) continue;
    if (!close) open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing; open: ${open.join(" ")}`);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(" ")}`);
}

const withClaims = (r: RunResults, claims: object[]): RunResults => ({
  ...r,
  run: { ...r.run, spec: { ...r.run.spec, claims } },
});

/** The cases that a report may meet. */
const CASES: Record<string, RunResults> = {
  usual: results,
  "one seed, no validation": fixtureResults({ seeds: 1, validation: false }),
  "one configuration": fixtureResults({ configurations: fourLosses.slice(0, 1) }),
  "two factors": crossedResults(),
  "three data sets": onDataSets(["mnist", "kmnist", "fashion-mnist"]),
  claims: withClaims(results, [
    { id: "A", claim: "CE ends above MAE.", test: "accuracy(ce) > accuracy(mae)" },
    { id: "B", claim: "CE and focal end alike.", test: "accuracy(ce) ≈ accuracy(focal(0.5))", by: "0.5 points" },
    { id: "C", claim: "CE settles first.", test: "converged(ce) < converged(hinge(5))" },
    { id: "D", claim: "It is known.", see: "the literature" },
  ]),
  "one epoch": fixtureResults({ epochs: 1 }),
  "all at chance": fixtureResults({ configurations: [fourLosses[3]] }),
  "all diverged": fixtureResults({ configurations: [{ loss: focal(0.5), accuracy: 0.9, diverges: { 1: 1, 2: 2, 3: 2 } }] }),
  "nothing yet": { ...results, run: { ...results.run, state: "running" }, trials: results.trials.map((t) => ({ ...t, status: "planned", history: [] })) },
  "no trials": { ...results, trials: [], run: { ...results.run, trials: [] } },
  "without confusion matrices": {
    ...results,
    trials: results.trials.map((t) => ({ ...t, history: t.history.map((r) => ({ ...r, test: { ...r.test, confusion: [] } })) })),
  },
  "awkward names": { ...results, run: { ...results.run, study: `a<b>&"c'|*d*_e_`, spec: { question: "<script>alert(1)</script> `x`?" } } },
}; // biome-ignore format: one case a line

describe.each(Object.entries(CASES))("a report: %s", (_, r) => {
  const warn = vi.spyOn(console, "warn");
  afterEach(() => void warn.mockReset());
  let built: Promise<ReportDocument> | undefined;
  const document = () => (built ??= buildReport(r));

  it("is one valid page that needs nothing else", async () => {
    const text = html(await document());
    expect(warn).not.toHaveBeenCalled();
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
    const page = scripts.reduce((whole, script) => whole.replace(script, ""), text);
    checkNesting(page);
    expect(page.replaceAll("<script></script>", "")).not.toMatch(/https?:|\/\/[a-z]|<script|@import|\burl\((?!#)/i);
    // Its own script alone may run, and loads nothing.
    for (const script of scripts) {
      expect(text).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
      expect(script.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|\bimport\b|\bfetch\b|XMLHttp/);
    }
    expect(scripts.length).toBe(text.includes("<figure data-curves") ? 1 : 0);
    expect(page.replace(/href="data:[^"]*"/g, "")).not.toMatch(/\bNaN\b(?! at)|undefined|Infinity|\[object/);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const [, target] of text.matchAll(/(?:href="#|url\(#|for=")([^)"]+)/g)) expect(ids).toContain(target);
    expect(text).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
  });

  it("is Markdown whose tables line up and whose links lead somewhere", async () => {
    const { text, files } = markdown(await document());
    for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g)) expect(Object.keys(files)).toContain(target);
    for (const block of text.split("\n\n").filter((b) => b.startsWith("| "))) {
      expect(new Set(block.split("\n").map((l) => [...l].length)).size).toBe(1);
      expect(new Set(block.split("\n").map((l) => l.replaceAll("\\|", "").split("|").length)).size).toBe(1);
    }
    for (const [path, content] of Object.entries(files).filter(([path]) => path.endsWith(".svg"))) {
      checkNesting(content);
      expect(content, path).toMatch(/^<svg [^>]*role="img"/);
      expect(content).toContain("prefers-color-scheme:dark");
      expect(content.match(/<title>/g)?.length).toBe(1);
    }
  });
});

describe("the report", () => {
  it("has its sections in the order of reading", async () => {
    const ids = (await buildReport(results)).sections.map((s) => s.id);
    expect(ids).toEqual(["answer", "ranking", "pairs", "effects", "curves", "per-loss", "measures", "per-class", "convergence", "generalization", "robustness", "gradients", "calibration", "cost", "diverged", "limitations", "setup", "environment", "reproduce"]); // biome-ignore format: list
    const whole = fixtureResults({ configurations: fourLosses.map((c) => ({ ...c, diverges: {} })) });
    expect((await buildReport(whole)).sections.map((s) => s.id)).not.toContain("diverged");
  });

  it("answers in one sentence for each of its data, and two more at most", async () => {
    for (const r of Object.values(CASES)) {
      const data = new Set(r.trials.map(({ trial }) => JSON.stringify(trial.data))).size;
      const answer = await answerSection(reportContext(r, {}));
      const text = answer.blocks.map((b) => (b.kind === "prose" ? plainText(b.text) : "")).join(" ");
      expect(text.match(/[.?!](?=\s|$)/g)!.length, text).toBeLessThanOrEqual(data + 2);
    }
  });

  it("says what is seen above each picture, and gives its data", async () => {
    for (const p of pictures(await buildReport(results))) {
      expect(plainText(p.title).length).toBeGreaterThan(15);
      expect(plainText(p.alt)).not.toBe("");
      expect(plainText(p.subtitle)).toContain("MNIST");
      const lines = p.csv.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(4);
      expect(new Set(lines.map((l) => l.split(",").length)).size).toBe(1);
    }
  });

  it("draws losses with a linear and with a logarithmic axis, and accuracies with a linear one", async () => {
    const byId = new Map(pictures(await buildReport(results)).map((p) => [p.id, p]));
    const axes = (id: string) => byId.get(id)!.views.map(({ panels }) => panels.map((p) => p.frames!.wide.log));
    expect(axes("test-loss")).toEqual([[true], [false]]);
    const [linear, log] = axes("loss-panels");
    expect([new Set(linear), new Set(log)]).toEqual([new Set([false]), new Set([true])]);
    expect(log).toHaveLength(configurations(results).length);
    expect(axes("accuracy-panels").flat()).not.toContain(true);
  });

  it("has the unrounded numbers in the data and behind the cells", async () => {
    const document = await buildReport(results);
    const [ce] = configurations(results);
    const { mean } = ce.summaries.testAccuracy!;
    const ranking = pictures(document).find((p) => p.id === "ranking")!;
    expect(ranking.csv.split("\n")[1].split(",")[3]).toBe(String(Number(mean.toPrecision(12))));
    const { text } = await renderReport(results, { format: "html" });
    expect(text).toContain(`title="${mean} ± `);
    expect(text).toContain(percent(mean));
  });

  it("lists each trial that was lost with its reason", async () => {
    const { text } = await renderReport(results, { format: "md" });
    expect(text).toContain("loss became NaN at step 2032 (epoch 4)");
    expect(text).toContain("1 of 12 trials diverged (focal γ=0.5)");
  });

  it("knows its limitations", async () => {
    const limits = async (r: RunResults) => {
      const section = (await buildReport(r)).sections.find((s) => s.id === "limitations")!;
      return section.blocks.flatMap((b) => (b.kind === "list" ? b.items.map(plainText) : [])).join("\n");
    };
    const usual = await limits(results);
    for (const part of [
      "3 seeds",
      "one data set (MNIST)",
      "one optimizer setting",
      "MAE did not learn",
      "did not diverge",
    ])
      expect(usual).toContain(part);
    expect(usual).not.toContain("validation");
    const poor = await limits(CASES["one seed, no validation"]);
    expect(poor).toContain("One seed");
    expect(poor).toContain("No validation split");
  });

  it("says what became of the study's claims, from its trials", async () => {
    const [section] = (await buildReport(CASES.claims)).sections.filter((s) => s.id === "claims");
    const judged = judgedClaims(CASES.claims);
    expect(judged[0].verdict).toBe("supported");
    const table = section.blocks.flatMap((b) => (b.kind === "table" ? [b.table] : []))[0];
    expect(table.rows.map(([id]) => id.text)).toEqual(["A", "B", "C", "D"]);
    const drawn = section.blocks.flatMap((b) => (b.kind === "picture" ? [b.picture] : []));
    expect(drawn.map(({ id }) => id)).toEqual(["claim-1", "claim-2", "claim-3"]);
    expect(plainText(drawn[0].title)).toContain("A is supported: ");
    const seeds = [...judged[0].findings[0].differences];
    expect(drawn[0].csv.trim().split("\n").slice(1).map((l) => Number(l.split(",").at(-4)))).toEqual(seeds.map(([s]) => s)); // biome-ignore format: one line
    expect(drawn[0].csv).toContain(String(Number(seeds[0][1].toPrecision(12))));
    const { mean } = judged[0].findings[0].difference;
    expect(table.rows[0][3].text).toContain(`+${percent(mean)} ± `);
    expect(table.rows[3].map((c) => c.text)).toContain("the literature");
    expect((await buildReport(results)).sections.map((s) => s.id)).not.toContain("claims");
  });

  it("contains the study file and how to run it", async () => {
    const { text } = await renderReport(results, { format: "md" });
    expect(text).toContain("gamma: 0.5");
    expect(text).toContain("losslab run four-losses.yaml");
    expect(text).toContain(results.run.id);
  });

  it("does not depend on the order in which trials were stored", async () => {
    const shuffled = { ...results, trials: [...results.trials].reverse() };
    expect((await renderReport(shuffled, { format: "html" })).text).toBe(
      (await renderReport(results, { format: "html" })).text,
    );
  });
});

describe("size and time", () => {
  const large = fixtureResults({ configurations: manyConfigurations(), seeds: 5, epochs: 100 });
  // What report E measures: neither diagnostics nor robustness.
  const plain = { ...large, trials: large.trials.map((t) => ({ ...t, observations: [] })) };
  it.each([
    ["4 configurations, 3 seeds, 20 epochs", results, 3, 1.5],
    ["28 configurations, 5 seeds, 100 epochs", plain, 5, 5],
    ["the same with all that can be measured", large, 6, 6.5],
  ] as const)("%s", async (_, r, seconds, megabytes) => {
    const before = process.cpuUsage();
    const { text } = await renderReport(r, { format: "html" });
    // Processor time, for tests run beside each other; twice what it should take.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2 * seconds);
    expect(new TextEncoder().encode(text).length / 1e6).toBeLessThan(megabytes);
  });
});

describe("colours", () => {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (rgb: number[]) => {
    const [r, g, b] = rgb.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const rgb = (hex: string) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  const contrast = (a: number[], b: number[]) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  it.each(["light", "dark"] as const)("reach AA in the %s", (mode) => {
    const ground = rgb(INKS.ground[mode]);
    const panel = rgb(new RegExp(`--panel:(#\\w+)[^}]*color-scheme:${mode}`).exec(STYLE)![1]);
    const accent = rgb(new RegExp(`--accent:(#\\w+)[^}]*color-scheme:${mode}`).exec(STYLE)![1]);
    for (const under of [ground, panel]) {
      for (const text of [rgb(INKS.ink[mode]), rgb(INKS.muted[mode]), accent])
        expect(contrast(text, under)).toBeGreaterThanOrEqual(4.5);
    }
    // Numbers stand on the heat at its strongest.
    const hottest = rgb(INKS.heat[mode]).map((c, i) => 0.7 * c + 0.3 * ground[i]);
    expect(contrast(rgb(INKS.ink[mode]), hottest)).toBeGreaterThanOrEqual(4.5);
  });
});
