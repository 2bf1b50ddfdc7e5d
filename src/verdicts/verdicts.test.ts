import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkClaim } from "../claims/evidence.ts";
import { checkSelector, selects } from "../claims/select.ts";
import { lastEpoch } from "../report/configurations.ts";
import { ce, fixtureResults, focal, mae, plain, sgd } from "../report/fixture.ts";
import { markdown } from "../report/markdown.ts";
import type { RunResults, Trial } from "../run/records.ts";
import { checkStudy, readYaml } from "../study/parse.ts";
import { plan } from "../study/plan.ts";
import { points } from "../util/format.ts";
import { zoo } from "../zoo/index.ts";
import { verdictDocument } from "./page.ts";
import { standingsPicture } from "./picture.ts";
import { settle } from "./settle.ts";
import { tally } from "./tally.ts";
import { question, questionNames, readQuestion, studiesOf } from "./verdict-file.ts";

/** Trials that a preset plans, of a study that tunes those with the stated hyperparameters. */
function planned(name: string): Trial[] {
  const file = join(import.meta.dirname, "../../studies", `${name}.yaml`);
  const study = checkStudy(readYaml(readFileSync(file, "utf8"), file), [], zoo);
  const facts = ({ set }: { set?: string }) => ({
    name: set ?? "",
    version: "1",
    shape: set === "mnist" ? [1, 28, 28] : [3, 32, 32],
    classes: 10,
    trainCount: 50_000,
    testCount: 10_000,
  });
  return plan({ ...study, tuning: null }, facts as never, zoo).trials;
}

describe("the questions that come with losslab", () => {
  it.each(questionNames())("%s: every set-up compares losses alone, every claim speaks of trials that there are", (name) => {
    const asked = question(name);
    const trials = new Map(studiesOf(asked).map((study) => [study, planned(study)]));
    for (const { study, select, setting } of asked.settings) {
      for (const selector of select) expect(() => checkSelector(selector, trials.get(study)!)).not.toThrow();
      const meant = trials.get(study)!.filter((trial) => select.every((s) => selects(s, trial)));
      const rest = meant.map(({ id: _, seed: __, loss: ___, data: ____, ...parts }) => JSON.stringify(parts));
      expect(new Set(rest).size, setting).toBe(1);
      expect(new Set(meant.map(({ loss }) => JSON.stringify(loss))).size, setting).toBeGreaterThan(1);
    }
    for (const claim of asked.reasons.flatMap(({ claims }) => claims))
      expect(() => checkClaim(claim, claim.claim.in!.flatMap((s) => trials.get(s)!))).not.toThrow();
  }); // biome-ignore format: a name on its line
});

const file = `title: Which one
settings:
  - { setting: here, study: one }
  - { setting: relu, study: two, select: relu }
  - { setting: nowhere, study: three }
reasons:
  - { why: Chance, says: It may be., seeds: true }
  - why: Size
    says: It may be.
    claims: [{ id: S, claim: "CE is above MAE.", test: accuracy(ce) > accuracy(mae), in: [one] }]
`;
const asked = readQuestion(file, "which.yaml");
const one = fixtureResults({
  configurations: [ce, focal(2), mae].flatMap((loss, i) =>
    [{ set: "mnist" }, { set: "mnist", labelNoise: { symmetric: { rate: 0.4 } } }].map((data, k) => ({ loss, data, accuracy: 0.9 - 0.1 * i - 0.3 * k })),
  ),
  seeds: 4,
  epochs: 2,
}); // biome-ignore format: long line
const two = fixtureResults({
  configurations: ["relu", "tanh"].flatMap((name) => [ce, focal(2)].map((loss) => ({ loss, activation: plain(name), accuracy: 0.9 }))), // biome-ignore format: one line
  seeds: 5,
  epochs: 2,
});
const settled = settle(asked, new Map([["one", one], ["two", two]])); // biome-ignore format: one line

describe("a question over several studies", () => {
  it("has a comparison for each set-up and each of its data, and names what is missing", () => {
    expect(settled.contests.map(({ setting, data }) => [setting.setting, data])).toEqual([
      ["here", "MNIST"],
      ["here", "symmetric noise 0.4"],
      ["relu", null],
    ]);
    expect(settled.missing.map(({ setting }) => setting)).toEqual(["nowhere"]);
    expect(settle(asked, new Map()).contests).toEqual([]);
  });

  it("says how often each loss was first among the seeds, from the records", () => {
    const relu = settled.contests[2];
    expect(relu.seeds).toBe(5);
    expect(relu.firsts.reduce((sum, { times }) => sum + times, 0)).toBeGreaterThanOrEqual(5);
    const accuracy = (loss: object, seed: number) =>
      lastEpoch(two.trials.find(({ trial }) => trial.seed === seed && "relu" in trial.activation && JSON.stringify(trial.loss) === JSON.stringify(loss))!)!.test.accuracy; // biome-ignore format: one line
    const ofCe = [1, 2, 3, 4, 5].filter((seed) => accuracy(ce, seed) >= accuracy(focal(2), seed)).length;
    expect(relu.firsts.find(({ loss }) => loss === "CE")?.times ?? 0).toBe(ofCe);
  });

  it("counts over all comparisons who wins and who is never behind", () => {
    const counted = tally(settled.contests);
    const [ofCe] = counted.filter(({ loss }) => loss === "CE");
    expect(ofCe).toMatchObject({ contests: 3, wins: 2 });
    expect(counted.find(({ loss }) => loss === "MAE")).toMatchObject({ contests: 2, wins: 0, may: 0 });
    for (const { contests, wins, may } of counted) expect(wins <= may && may <= contests).toBe(true);
    // The first is never shown not to be the best.
    for (const { contenders } of settled.contests) expect(contenders[0].row.bestP).toBe(1);
  });

  it("has a row for each kind of hyperparameters where the study tunes, judged by its own trials", () => {
    const tuning: RunResults = {
      ...two,
      trials: two.trials.flatMap((t) => {
        const cell = two.trials.filter(({ trial }) => trial.seed === 1).findIndex(({ trial }) => trial.loss === t.trial.loss && trial.activation === t.trial.activation); // biome-ignore format: one line
        // The tuned trials are 5 points better.
        const better = { ...t.history[1], test: { ...t.history[1].test, accuracy: t.history[1].test.accuracy + 0.05 } };
        const values = { "optimizer.learningRate": 0.5 };
        const trial = { ...t.trial, id: `${t.trial.id}-tuned`, seed: t.trial.seed + 100, optimizer: sgd(0.5) };
        return [
          { ...t, roles: [{ stage: "untuned" as const, cell }] },
          { ...t, trial, history: [t.history[0], better], roles: [{ stage: "tuned" as const, cell, candidate: 0, values }] }, // biome-ignore format: one line
        ];
      }),
    };
    const own = settle(asked, new Map([["two", tuning]])).contests;
    expect(own.map((c) => c.hyperparameters)).toEqual(["as stated", "tuned"]);
    const [stated, tuned] = own.map((c) => c.contenders[0].row.configuration.summaries.testAccuracy!.mean);
    expect(tuned - stated).toBeCloseTo(0.05, 12);
  });

  it("says what tuning changes", async () => {
    const both = settled.contests.flatMap((c) => [c, { ...c, hyperparameters: "tuned" as const, contenders: [...c.contenders].reverse() }]); // biome-ignore format: one line
    const reasons = asked.reasons.map((reason) => ({ ...reason, tuning: true }));
    const page = async (contests: typeof both) => markdown(await verdictDocument({ ...settled, contests, question: { ...asked, reasons } }, [])).text; // biome-ignore format: one line
    expect(await page(both)).toContain("In 3 of 3 comparisons with both, tuning changes which loss is first");
    expect(await page(both)).toMatch(/ here: CE as stated, MAE tuned.* relu: /);
    expect(await page(settled.contests)).toContain("No set-up has been tuned yet.");
  });

  it("is a page that says so", async () => {
    const { text } = markdown(await verdictDocument(settled, ["here"]));
    expect(text).toContain("In 2 of 3 comparisons a loss is the best beyond doubt (CE in 2)");
    expect(text).toContain("1 set-up is not trained yet");
    expect(text).toContain("nowhere: losslab run three");
    expect(text).toMatch(/S: CE is above MAE\. Supported, p/);
    expect(text).toMatch(/In \d of 3 comparisons with several seeds these do not agree on the first loss/);
  });

  it("is a picture with a row for each comparison and a column for each loss", async () => {
    const picture = await standingsPicture(settled.contests);
    const [{ svg }] = picture.views[0].panels;
    const shown = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    for (const { setting, data, contenders } of settled.contests) {
      expect(shown).toContain(data === null ? setting.setting : `${data}, as stated`);
      const { mean } = contenders[0].row.configuration.summaries.testAccuracy!;
      expect(shown).toContain(`${(100 * mean).toFixed(2)} %`);
      for (const { row } of contenders.slice(1)) expect(shown).toContain(points(row.difference!.mean));
    }
    const rows = picture.csv.trim().split("\n").slice(1);
    expect(rows.length).toBe(settled.contests.reduce((sum, { contenders }) => sum + contenders.length, 0));
    // A cell is coloured where the loss may be the best.
    const coloured = rows.filter((row) => row.endsWith("true")).length;
    expect(svg.match(/fill-opacity="0\.\d+"/g)).toHaveLength(coloured);
  });

  it.each([
    [file.replace("select: relu", "select: rellu"), /no loss, activation.*"rellu"/],
    [file.replace("select: relu", "select: ce"), /differ in more than loss and data/],
    [file.replace(", select: relu", ""), /differ in more than loss and data/],
    [file.replace("select: relu", 'select: "focal(7)"'), /no trial of two is meant/],
  ])("refuses set-ups that compare nothing", (text, message) => {
    expect(() => settle(readQuestion(text, "which.yaml"), new Map([["two", two]]))).toThrow(message);
  });

  it.each([
    [file.replace("select: relu", "select: relu("), /which\.yaml:4:\d+ {2}settings\[1\]\.select/],
    [file.replace("accuracy(ce) >", "acuracy(ce) >"), /which\.yaml:10:\d+.*there is no measure "acuracy"/],
    [file.replace(", in: [one]", ""), /says not of which studies/],
    [file.replace("setting: here", "seting: here"), /did you mean "setting"|is missing/],
  ])("tells what is wrong with its file", (text, message) =>
    expect(() => readQuestion(text, "which.yaml")).toThrow(message),
  );
});
