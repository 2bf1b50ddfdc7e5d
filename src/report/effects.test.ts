import { describe, expect, it } from "vitest";
import type { RunResults } from "../run/records.ts";
import { mean } from "../stats/mean.ts";
import { summary } from "../stats/summary.ts";
import { random } from "../util/random.ts";
import { finalBySeed } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { dataSetAnalysis } from "./data-sets.ts";
import { factorialAnalysis } from "./effects.ts";
import { factors } from "./factors.ts";
import { ce, crossedResults, fixtureResults, focal, fourLosses, mae, onDataSets, sgd } from "./fixture.ts";

const of = (r: RunResults) => configurations(r);

/** Sets the final test accuracies of a run. */
function withAccuracies(r: RunResults, value: (t: RunResults["trials"][number], i: number) => number): RunResults {
  for (const [i, t] of r.trials.entries()) t.history.at(-1)!.test.accuracy = value(t, i);
  return r;
}

describe("factors", () => {
  it("are what varies, with labelled levels", () => {
    const found = factors(of(crossedResults()))!;
    expect(found.map((f) => [f.name, f.levels])).toEqual([
      ["activation", ["ReLU", "Tanh"]],
      ["loss", ["CE", "focal γ=2", "hinge Δ=5"]],
    ]);
  });

  it("are the parameters of an optimizer when they were crossed, else the optimizer", () => {
    const of2 = (optimizers: ReturnType<typeof sgd>[]) =>
      factors(of(fixtureResults({ configurations: optimizers.map((optimizer) => ({ loss: ce, optimizer, accuracy: 0.9 })), seeds: 2, epochs: 2 }))); // biome-ignore format: one line
    const crossed = of2([sgd(0.1, 0), sgd(0.1, 0.01), sgd(0.01, 0), sgd(0.01, 0.01)])!;
    expect(crossed.map((f) => [f.name, f.levels])).toEqual([
      ["optimizer: learning rate", ["learning rate 0.1", "learning rate 0.01"]],
      ["optimizer: weight decay", ["weight decay 0", "weight decay 0.01"]],
    ]);
    expect(of2([sgd(0.1, 0), sgd(0.1, 0.01), sgd(0.01, 0)])!.map((f) => f.name)).toEqual(["optimizer"]);
  });

  it("are none where combinations are missing or nothing varies", () => {
    const r = crossedResults();
    const without = {
      ...r,
      trials: r.trials.filter((t) => !("hinge" in t.trial.loss && "tanh" in t.trial.activation)),
    };
    expect(factors(of(without))).toBeNull();
    expect(factors(of(fixtureResults({ configurations: fourLosses.slice(0, 1) })))).toBeNull();
  });
});

describe("the factorial analysis", () => {
  it("finds the effects that are there, and means that follow from the records", () => {
    const r = crossedResults(5);
    const found = factorialAnalysis(of(r))!;
    const p = Object.fromEntries(found.effects.map((e) => [e.factors.map((f) => found.factors[f].name).join(" × "), e.adjustedP])); // biome-ignore format: one line
    expect(p.activation).toBeLessThan(0.01);
    expect(p.loss).toBeLessThan(0.05);
    const tanh = of(r).filter((c) => "tanh" in c.activation);
    const bySeed = found.seeds.map((seed) => mean(tanh.map((c) => finalBySeed(c).get(seed)!)));
    expect(found.means[0][1]).toEqual(summary(bySeed));
  });

  it("sees an interaction, and none where effects add up", () => {
    const stream = random(1, "noise");
    const noise = (i: number) => 0.001 * stream.normal(i);
    const isTanh = (t: RunResults["trials"][number]) => "tanh" in t.trial.activation;
    const crossing = withAccuracies(crossedResults(6), (t, i) => 0.9 + noise(i) + (isTanh(t) === "ce" in t.trial.loss ? 0.02 : 0)); // biome-ignore format: one line
    const adding = withAccuracies(crossedResults(6), (t, i) => 0.9 + noise(i) + (isTanh(t) ? 0.02 : 0) + ("ce" in t.trial.loss ? 0.03 : 0)); // biome-ignore format: one line
    expect(factorialAnalysis(of(crossing))!.effects[2].adjustedP).toBeLessThan(0.001);
    expect(factorialAnalysis(of(adding))!.effects[2].adjustedP).toBeGreaterThan(0.05);
  });

  it("turns to ranks when residuals are not normal", () => {
    const stream = random(2, "heavy");
    const heavy = withAccuracies(crossedResults(8), (_, i) => 0.9 + (i % 11 === 0 ? 0.05 : 0.0005 * stream.normal(i)));
    const found = factorialAnalysis(of(heavy))!;
    expect(found.method).toBe("ranks");
    expect(found.normality!.p).toBeLessThan(0.05);
    expect(factorialAnalysis(of(crossedResults(4)))!.method).toBe("values");
  });

  it("leaves out seeds that did not finish everywhere, and says so", () => {
    const found = factorialAnalysis(of(fixtureResults({ seeds: 5 })))!;
    expect([found.seeds, found.incomplete]).toEqual([[1, 2, 4, 5], [3]]);
    expect(factorialAnalysis(of(fixtureResults({ seeds: 1 })))).toBeNull();
  });
});

describe("the analysis over data sets", () => {
  it("ranks what is compared, the best first, on every set", () => {
    const found = dataSetAnalysis(of(onDataSets(["mnist", "kmnist", "fashion-mnist"])))!;
    expect([found.kind, found.data]).toEqual(["data sets", ["MNIST", "KMNIST", "Fashion-MNIST"]]);
    expect(found.treatments.map((t) => t.label)).toEqual(["CE", "focal γ=2", "MAE"]);
    expect(found.test.meanRanks).toEqual([1, 2, 3]);
    expect(found.differences.order).toEqual([0, 1, 2]);
    const [first] = found.treatments;
    expect(first.interval!.low).toBeLessThanOrEqual(first.interquartileMean);
    expect(first.interval!.high).toBeGreaterThanOrEqual(first.interquartileMean);
  });

  it("tells conditions of one set from several sets", () => {
    const noise = { labelNoise: { symmetric: { rate: 0.2, validation: false } } };
    const conditions = [{}, noise].flatMap((condition) =>
      [ce, mae].map((loss) => ({ loss, data: { set: "mnist", ...condition }, accuracy: 0.9 })),
    );
    const found = dataSetAnalysis(of(fixtureResults({ configurations: conditions, epochs: 2 })))!;
    expect([found.kind, found.data]).toEqual(["data conditions", ["MNIST", "MNIST, symmetric noise 0.2"]]);
  });

  it("needs each configuration on each set", () => {
    expect(dataSetAnalysis(of(fixtureResults()))).toBeNull();
    const holes = [{ loss: ce, data: { name: "mnist" }, accuracy: 0.9 }, { loss: ce, data: { name: "kmnist" }, accuracy: 0.9 }, { loss: focal(2), data: { name: "mnist" }, accuracy: 0.9 }]; // biome-ignore format: one line
    expect(dataSetAnalysis(of(fixtureResults({ configurations: holes, epochs: 2 })))).toBeNull();
  });
});
