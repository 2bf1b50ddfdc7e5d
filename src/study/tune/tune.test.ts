/** What studies say of tuning, what is chosen, and in which stages it is carried out: without training anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UserErrors } from "../../util/errors.ts";
import { zoo } from "../../zoo/index.ts";
import { checkStudy, readYaml } from "../parse.ts";
import { plan } from "../plan.ts";
import { bestOf, bestSome, meanScore, type Scored, scoreOf, type ValidationHistory } from "./choose.ts";
import { readRange } from "./range.ts";
import { quasiRandom, random, successiveHalving } from "./searches/index.ts";
import { candidates } from "./tune.ts";

const facts = () => ({
  name: "x",
  version: "1",
  shape: [1, 28, 28],
  pixels: "uint8" as const,
  classes: 10,
  trainCount: 500,
  testCount: 100,
});
const read = (yaml: string) => checkStudy(readYaml(`name: study\n${yaml}`, "study.yaml"), [], zoo);
const planned = (yaml: string) => plan(read(yaml), facts, zoo);
const problems = (yaml: string): string[] => {
  try {
    planned(yaml);
  } catch (error) {
    return (
      (error as UserErrors).errors?.map((e) => [e.where, e.message, e.hint].filter(Boolean).join(" | ")) ?? [
        (error as Error).message,
      ]
    );
  }
  return [];
};

const LOSSES = "loss: [ce, mae, { focal: 2 }]\nseeds: 2\nepochs: 9\n";
const RATE = "tune: { learningRate: logUniform(1e-4, 1), trials: 8 }";

describe("ranges", () => {
  const range = (said: unknown) => readRange(said).range!;

  it("are calls or records, and hold what they give", () => {
    expect(range({ logUniform: [1e-4, 1] }).at(0.3)).toBe(range("logUniform(1e-4, 1)").at(0.3));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (u) => {
        const rate = range("logUniform(1.23456e-4, 0.987654)").at(u) as number;
        expect(rate >= 1.23456e-4 && rate <= 0.987654).toBe(true);
        expect(Math.abs(Math.log(rate / (1.23456e-4 * (0.987654 / 1.23456e-4) ** u)))).toBeLessThan(1e-3);
        const share = range("uniform(-1, 2)").at(u) as number;
        expect(Math.abs(share - (3 * u - 1))).toBeLessThan(1e-3);
        expect([3, 4, 5]).toContain(range("integers(3, 5)").at(u));
        expect([0, 0.9, "none", true]).toContain(range("choice(0, 0.9, none, true)").at(u));
      }),
    );
  });

  it("give each whole number and each choice its equal part", () => {
    const values = (text: string, n: number) => Array.from({ length: n }, (_, i) => range(text).at(i / n));
    expect(values("integers(1, 4)", 8)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(values("choice(a, b)", 4)).toEqual(["a", "a", "b", "b"]);
  });

  it.each([
    ["loguniform(1, 2)", "there is no range"],
    ["logUniform(0, 1)", "must be above 0"],
    ["logUniform(1, 0.1)", "from a lower to a higher number"],
    ["uniform(1)", "two numbers"],
    ["integers(1, 2.5)", "whole numbers"],
    ["choice(1)", "two values or more"],
    ["choice(1, 1)", "twice"],
    ["0.1", "must be a range"],
    [{ uniform: [0, "x"] }, "two numbers"],
  ])("of %j say what is wrong", (said, message) => {
    expect(readRange(said).problem?.message).toContain(message);
  });
});

describe("a study's words on tuning", () => {
  it("survive YAML's commas within braces", () => {
    const block = read(
      `${LOSSES}tune:\n  learningRate: logUniform(1e-4, 1)\n  momentum: choice(0, 0.5, 0.9)\n  trials: 8\n`,
    );
    const flow = read(`${LOSSES}tune: { learningRate: logUniform(1e-4, 1), momentum: choice(0, 0.5, 0.9), trials: 8 }`);
    expect(candidates(flow.tuning!)).toEqual(candidates(block.tuning!));
    expect(flow.said.tune).toEqual({
      learningRate: "logUniform(1e-4, 1)",
      momentum: "choice(0, 0.5, 0.9)",
      trials: 8,
    });
  });

  it.each([
    [
      "tune: { learningRat: uniform(0, 1) }",
      'tune.learningRat | no optimizer or loss of the study has a parameter "learningRat" | did you mean "learningRate"',
    ],
    ["tune: { trials: 3 }", "names no hyperparameter"],
    ["tune: { momentum: uniform(0, 2) }", "momentum of sgd must be < 1"],
    ["tune: { learningRate: logUniform(1e-3, 1), search: randm }", 'there is no search "randm"'],
    ["tune: { learningRate: logUniform(1e-3, 1), at: end }", "must be one of last, best"],
    [`${RATE}\ndata: { validation: 0 }`, "has no validation split"],
    [`${RATE}\noptimizer: { sgd: [0.1, 0.01] }`, "names a hyperparameter that the study also varies"],
    [`tune: { loss.learningRate: logUniform(1e-3, 1) }`, "has a parameter"],
    [`${RATE}\nuntil: decided`, "cannot stand beside tune"],
    [`${RATE}\nclaims: [{ id: A, claim: c, test: "accuracy(sgd(0.01)) > 0.5" }]`, "no trial of the study is meant"],
  ])("are refused: %s", (tune, message) => {
    expect(problems(`loss: [ce, mae]\n${tune}`).join("\n")).toContain(message);
  });

  it("are refused where seeds of the comparison are those of the tuning", () => {
    expect(problems(`loss: [ce, mae]\nseeds: [0, 1000000]\n${RATE}`).join()).toContain(
      "1000000 is a seed of the tuning",
    );
  });
});

describe("the choice", () => {
  const scores = fc.array(
    fc.record({
      score: fc.oneof(
        fc.constant(null),
        fc.integer({ min: 0, max: 5 }).map((n) => n / 10),
      ),
      x: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const scored = (all: { score: number | null; x: number }[]): Scored[] =>
    all.map(({ score, x }, number) => ({ number, point: [x], score }));

  it("is one of the best, the median of equals, and none where all diverged", () => {
    fc.assert(
      fc.property(scores, (all) => {
        const alive = all.filter((c) => c.score !== null);
        const chosen = bestOf(scored(all));
        if (alive.length === 0) {
          expect(chosen).toBeNull();
          return;
        }
        const best = Math.max(...alive.map((c) => c.score!));
        const equals = all
          .filter((c) => c.score === best)
          .map((c) => c.x)
          .sort((a, b) => a - b);
        const middle = [equals[Math.floor((equals.length - 1) / 2)], equals[Math.floor(equals.length / 2)]];
        expect(all[chosen!].score).toBe(best);
        expect(all[chosen!].x).toBeGreaterThanOrEqual(middle[0] - 1e-9);
        expect(all[chosen!].x).toBeLessThanOrEqual(middle[1] + 1e-9);
      }),
    );
  });

  it("lets none go on that is worse than one left behind, and none that diverged", () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 12 }), (all, count) => {
        const on = bestSome(scored(all), count);
        const alive = all.filter((c) => c.score !== null).length;
        expect(on.length).toBe(Math.min(count, alive));
        const worst = Math.min(...on.map((i) => all[i].score!), 1);
        all.forEach((c, i) => {
          if (!on.includes(i) && c.score !== null) expect(c.score).toBeLessThanOrEqual(worst);
        });
      }),
    );
  });

  it("judges by the last epoch or the best one, and a diverged training by neither", () => {
    const at = (accuracy: number) => ({ accuracy, balancedAccuracy: accuracy / 2, macroF1: 0.1 });
    const history = { status: "done" as const, validation: [at(0.3), at(0.8), at(0.5)] };
    expect(scoreOf(history, { measure: "accuracy", at: "last" })).toBe(0.5);
    expect(scoreOf(history, { measure: "accuracy", at: "best" })).toBe(0.8);
    expect(scoreOf(history, { measure: "balancedAccuracy", at: "last" })).toBe(0.25);
    expect(scoreOf({ ...history, status: "diverged" }, { measure: "accuracy", at: "best" })).toBeNull();
    expect(meanScore([0.2, 0.4])).toBeCloseTo(0.3);
    expect(meanScore([0.2, null])).toBeNull();
  });
});

describe("searches", () => {
  it("draw evenly: each tenth of the range has its share of random points, each sixteenth one of 16 quasi-random ones", () => {
    const at = random.points(0, 1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[Math.floor(at(i)[0] * 10)]++;
    for (const n of counts) expect(Math.abs(n - 1000)).toBeLessThan(4 * Math.sqrt(900));
    const halton = quasiRandom.points(0, 1);
    expect(new Set(Array.from({ length: 16 }, (_, i) => Math.floor(halton(i)[0] * 16))).size).toBe(16);
  });

  it("halve: fewer candidates with more epochs in each round, the last with the study's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.record({
          factor: fc.double({ min: 1.5, max: 5, noNaN: true }),
          leastEpochs: fc.integer({ min: 1, max: 5 }),
        }),
        (n, epochs, params) => {
          const rounds = successiveHalving.rounds(n, epochs, params as never);
          expect(rounds[0].candidates).toBe(n);
          expect(rounds.at(-1)!.epochs).toBe(epochs);
          rounds.slice(1).forEach((round, i) => {
            expect(round.candidates).toBeLessThan(rounds[i].candidates);
            expect(round.candidates).toBe(Math.ceil(n / params.factor ** (i + 1)));
            expect(round.epochs).toBeGreaterThanOrEqual(rounds[i].epochs);
            expect(rounds[i].epochs).toBeGreaterThanOrEqual(params.leastEpochs);
          });
        },
      ),
    );
    const { factor, leastEpochs } = { factor: 3, leastEpochs: 2 };
    expect(successiveHalving.rounds(16, 20, { factor, leastEpochs })).toEqual([
      { candidates: 16, epochs: 2 },
      { candidates: 6, epochs: 7 },
      { candidates: 2, epochs: 20 },
    ]);
  });
});

describe("stages", () => {
  /** Every trial ends with a validation accuracy that says only who it is. */
  const outcome = (accuracy: number, status: ValidationHistory["status"] = "done"): ValidationHistory => ({
    status,
    validation: [{ accuracy, balancedAccuracy: accuracy, macroF1: accuracy }],
  });
  const rateOf = (trial: { optimizer: Record<string, Record<string, unknown>> }) =>
    trial.optimizer.sgd.learningRate as number;

  it("leave a study without tuning as it was, and the untuned trials of one with tuning, too", () => {
    const without = planned(LOSSES);
    const withIt = planned(`${LOSSES}${RATE}`);
    expect(without.stages).toBeUndefined();
    expect(withIt.trials.slice(0, 6)).toEqual(without.trials);
    const [tuning, comparison] = withIt.stages!.forecast;
    expect(withIt.cohorts).toEqual(tuning.cohorts);
    expect(comparison.trials.length).toBe(12);
    expect(tuning.trials.length).toBe(24);
  });

  it("give every configuration the same candidates, epochs and seeds, and the comparison other seeds", () => {
    const { stages } = planned(`${LOSSES}tune: { learningRate: logUniform(1e-4, 1), trials: 8, seeds: 2 }`);
    const [tuning, comparison] = stages!.forecast;
    const byLoss = new Map<string, string[]>();
    for (const t of tuning.trials) {
      const key = JSON.stringify(t.loss);
      byLoss.set(key, [...(byLoss.get(key) ?? []), JSON.stringify([t.optimizer, t.epochs, t.seed])]);
    }
    const lists = [...byLoss.values()];
    expect(lists.length).toBe(3);
    for (const list of lists) expect(list).toEqual(lists[0]);
    expect(new Set(lists[0]).size).toBe(16);
    const seeds = new Set(tuning.trials.map((t) => t.seed));
    expect(comparison.trials.some((t) => seeds.has(t.seed))).toBe(false);
  });

  it("compare what validation likes best, cell by cell, and nothing of a cell whose candidates all diverged", () => {
    const { stages } = planned(`${LOSSES}${RATE}`);
    const first = stages!.stage(0, new Map());
    const wanted: Record<string, number> = { ce: 0.01, focal: 0.3 };
    const known = new Map(
      first.trials.map((t) => {
        const [name] = Object.keys(t.loss);
        return [
          t.id,
          name === "mae" ? outcome(0.9, "diverged") : outcome(1 - Math.abs(Math.log(rateOf(t) / wanted[name])) / 20),
        ];
      }),
    );
    const comparison = stages!.stage(1, known);
    const tuned = comparison.trials.filter((t) => comparison.roles.get(t.id)![0].stage === "tuned");
    const rates = [...new Set(first.trials.map(rateOf))];
    const nearest = (rate: number) =>
      rates.reduce((a, b) => (Math.abs(Math.log(b / rate)) < Math.abs(Math.log(a / rate)) ? b : a));
    expect(tuned.map((t) => [Object.keys(t.loss)[0], rateOf(t), t.seed])).toEqual([
      ["ce", nearest(0.01), 0],
      ["ce", nearest(0.01), 1],
      ["focal", nearest(0.3), 0],
      ["focal", nearest(0.3), 1],
    ]);
    expect(comparison.trials.length).toBe(10); // six untuned
    expect(stages!.stage(1, known)).toEqual(comparison);
  });

  it("tune a loss's own parameter where it has one; others keep their candidates apart from it", () => {
    const { stages } = planned(`${LOSSES}tune: { learningRate: logUniform(1e-4, 1), gamma: uniform(0, 4), trials: 8 }`);
    const [tuning] = stages!.forecast;
    for (const trial of tuning.trials) {
      const [role] = tuning.roles.get(trial.id)!;
      if (role.stage !== "tuning") throw new Error(role.stage);
      const isFocal = "focal" in trial.loss;
      expect(Object.keys(role.values)).toEqual(["optimizer.learningRate", ...(isFocal ? ["loss.gamma"] : [])]);
      if (isFocal) expect(trial.loss.focal.gamma).toBe(role.values["loss.gamma"]);
    }
    expect(new Set(tuning.trials.filter((t) => "focal" in t.loss).map((t) => t.loss.focal.gamma)).size).toBe(8);
  });

  it("go through the rounds of successive halving, and end with the study's epochs", () => {
    const { stages } = planned(
      `${LOSSES}tune: { learningRate: logUniform(1e-4, 1), trials: 9, search: successiveHalving }`,
    );
    expect(stages!.count).toBe(3);
    const first = stages!.stage(0, new Map());
    expect(first.trials.map((t) => t.epochs)).toEqual(Array(27).fill(3));
    const known = new Map(first.trials.map((t) => [t.id, outcome(rateOf(t) / 10)]));
    const second = stages!.stage(1, known);
    const best = [...new Set(first.trials.map(rateOf))].sort((a, b) => b - a).slice(0, 3);
    expect([...new Set(second.trials.map(rateOf))].sort((a, b) => b - a)).toEqual(best);
    expect(second.trials.map((t) => t.epochs)).toEqual(Array(9).fill(9));
    for (const t of second.trials) known.set(t.id, outcome(1 - rateOf(t) / 10));
    const comparison = stages!.stage(2, known);
    const tuned = comparison.trials.filter((t) => comparison.roles.get(t.id)!.some((r) => r.stage === "tuned"));
    expect([...new Set(tuned.map(rateOf))]).toEqual([Math.min(...best)]);
  });

  it("train a trial once that is compared both as stated and as tuned", () => {
    const { stages } = planned(
      `loss: [ce]\nseeds: 2\noptimizer: { sgd: 0.1 }\ntune: { learningRate: "choice(0.1, 0.01)", trials: 2 }`,
    );
    const first = stages!.stage(0, new Map());
    const known = new Map(first.trials.map((t) => [t.id, outcome(rateOf(t))]));
    const comparison = stages!.stage(1, known);
    expect(comparison.trials.length).toBe(2);
    for (const own of comparison.roles.values()) expect(own.map((r) => r.stage)).toEqual(["untuned", "tuned"]);
  });
});
