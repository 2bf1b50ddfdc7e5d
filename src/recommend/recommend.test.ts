/** What is seen of data, what is composed from it, and what is concluded: without training anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confidentJoint } from "../run/confident-joint.ts";
import { predictedClasses, predictions, readPredictions } from "../run/predictions.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { pairedOnExamples } from "../stats/paired-on-examples.ts";
import { pairedT } from "../stats/paired-t.ts";
import { checkStudy } from "../study/parse.ts";
import { canonicalJson } from "../util/hash.ts";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { comparisonStudy, lookStudy, rivalStudy } from "./compose.ts";
import { type Findings, type Fold, imbalanceOf, isNoisy, isUnbalanced, noiseOf } from "./findings.ts";
import { lossesFor } from "./losses.ts";
import { verdictOf } from "./verdict.ts";
import { findingsText, verdictText } from "./words.ts";

/** Logits of a network that knows the true classes and is unsure to a degree; labels of which a share is wrong. */
function labelled(n: number, classes: number, wrong: number, seed = 0) {
  const draw = random(seed, "labels");
  const truth = Array.from({ length: n }, (_, i) => i % classes);
  const labels = truth.map((k, i) =>
    draw.uniform(i) < wrong ? (k + 1 + (draw.uint32(n + i) % (classes - 1))) % classes : k,
  );
  const logits = Float32Array.from({ length: n * classes }, (_, i) => {
    const [e, k] = [Math.floor(i / classes), i % classes];
    return (truth[e] === k ? 3 : 0) + 0.7 * draw.normal(2 * n + i);
  });
  return { labels, logits };
}

/** What a fold shows of such a network. */
function foldOf({ labels, logits }: ReturnType<typeof labelled>): Fold {
  const made = confidentJoint(logits, labels);
  const predicted = predictedClasses(logits, labels.length);
  const confusion = made.labelled.map((_, i) =>
    made.labelled.map((__, j) => labels.filter((l, e) => l === i && predicted[e] === j).length),
  );
  return { ...made, confusion };
}

describe("the confident joint", () => {
  it("finds the share of wrong labels, whatever it is", () => {
    for (const wrong of [0, 0.1, 0.2, 0.4]) {
      const found = noiseOf([foldOf(labelled(4000, 5, wrong))], Array(5).fill(800));
      expect(found.share).toBeCloseTo(wrong, 1);
      expect(found.error).toBeGreaterThanOrEqual(found.share);
      expect(isNoisy({ noise: found })).toBe(wrong > 0);
    }
  });

  it("leaves classes out that networks have hardly seen", () => {
    const fold = foldOf(labelled(1000, 2, 0.4));
    const all = noiseOf([fold], [500, 500]);
    const common = noiseOf([fold], [500, 50]);
    expect(all.examples).toBe(1000);
    expect(common.examples).toBe(fold.labelled[0]);
    expect(common.pairs.every((p) => p.label === 0)).toBe(true);
  });

  it("counts an example once at most, and each label's examples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(1000), (classes, seed) => {
        const { labels, logits } = labelled(90, classes, 0.3, seed);
        const { joint, labelled: sizes } = confidentJoint(logits, labels);
        expect(sizes).toEqual(sizes.map((_, k) => labels.filter((l) => l === k).length));
        const counted = joint.map((row) => row.reduce((a, b) => a + b, 0));
        expect(counted.every((n, i) => n <= sizes[i])).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("is that of the definition on a case done by hand", () => {
    // p of class 1: 0.9 and 0.8 for the examples labelled 1, 0.9 for one labelled 0: above their mean 0.85.
    const logit = (p: number): number[] => [0, Math.log(p / (1 - p))];
    const logits = Float32Array.from([0.9, 0.8, 0.9, 0.1].flatMap(logit));
    const { joint, labelled: sizes } = confidentJoint(logits, [1, 1, 0, 0]);
    // t_0 = mean(0.1, 0.9) = 0.5, t_1 = mean(0.9, 0.8) = 0.85
    expect(joint).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(sizes).toEqual([2, 2]);
  });
});

const findings = (more: Partial<Findings> = {}): Findings => ({
  classes: ["a", "b", "c"],
  counts: [500, 500, 600],
  testExamples: 1000,
  shape: [1, 8, 8],
  imbalance: 1.2,
  noise: { share: 0.04, error: 0.12, examples: 1600, pairs: [] },
  ...more,
});
const noisy = findings({
  noise: { share: 0.4, error: 0.5, examples: 1600, pairs: [{ label: 0, meant: 1, share: 0.3 }] },
});
const rare = findings({ counts: [1000, 100, 10], imbalance: imbalanceOf([1000, 100, 10]) });

describe("what is composed", () => {
  const wanted = { name: "mine", data: { set: "digits", validation: 0.2 }, budgetSec: 600 };
  const fast = { secondsPerExample: 1e-5, spentSec: 5 };

  it("has the baseline first and losses for what was seen", () => {
    const names = (f: Findings) => lossesFor(f).map(({ loss }) => canonicalJson(loss));
    for (const f of [findings(), noisy, rare]) expect(names(f)[0]).toBe('"ce"');
    expect(isNoisy(noisy)).toBe(true);
    expect(isUnbalanced(rare)).toBe(true);
    expect(names(noisy)).toContain('{"generalizedCe":0.7}');
    expect(names(rare)).toContain('"logitAdjusted"');
    expect(names(findings())).not.toContain('"logitAdjusted"');
    expect(imbalanceOf([10, 0, 5])).toBe(2);
  });

  it("are studies that read well, judged by what suits the classes", () => {
    for (const f of [findings(), noisy, rare]) {
      const { study } = comparisonStudy(wanted, f, fast);
      const checked = checkStudy({ said: study, where: String }, [], zoo);
      expect(checked.tuning?.measure).toBe(f === rare ? "balancedAccuracy" : "accuracy");
      expect(checked.entries.loss.length).toBe(lossesFor(f).length);
    }
    const look = checkStudy({ said: lookStudy(wanted, 20_000), where: String }, [], zoo);
    expect(look.data.map((d) => d.fold)).toEqual([0, 1, 2, 3, 4]);
    expect(look.data[0].train).toBe(6000);
  });

  it("gives the baseline the settings that came to its last choice with the chosen ones", () => {
    const { study } = comparisonStudy(wanted, findings(), fast);
    const adam = (learningRate: number) => ({ adam: { learningRate } });
    const tuning = (cell: number, loss: object, round: number, candidate: number, status = "done") =>
      ({
        trial: { loss, optimizer: adam(candidate / 100), seed: 1_000_000 },
        status,
        roles: [{ stage: "tuning", cell, candidate, round, values: {} }],
      }) as never;
    const [ce, mae] = [{ ce: {} }, { mae: {} }];
    const tuned = { trial: { loss: ce, optimizer: adam(0.02), seed: 0 }, status: "done", roles: [{ stage: "tuned", cell: 0, candidate: 2, values: {} }] } as never; // biome-ignore format: one line
    const trials = [
      ...[1, 2, 3, 4].flatMap((c) => [tuning(0, ce, 0, c), tuning(1, mae, 0, c)]),
      ...[1, 2, 3].map((c) => tuning(0, ce, 1, c, c === 3 ? "diverged" : "done")),
      tuning(0, ce, 2, 2), // alone: nothing was chosen in this round
      tuning(1, mae, 1, 4),
      tuned,
    ];
    const rivals = rivalStudy(study, { run: {} as never, trials }, canonicalJson(ce))!;
    expect(rivals.optimizer).toEqual([adam(0.01)]);
    expect(rivals.loss).toEqual([ce]);
    const { name: _, description: __, loss: ___, optimizer: ____, tune: _____, ...same } = study;
    expect(rivals).toMatchObject(same);
    expect(checkStudy({ said: rivals, where: String }, [], zoo).tuning).toBeNull();
    expect(rivalStudy(study, { run: {} as never, trials: [tuned] }, canonicalJson(ce))).toBeNull();
  });

  it("takes no longer than the time left, and more time for more seeds and candidates", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 100_000 }), fc.integer({ min: 1, max: 100 }), (budgetSec, speed) => {
        const times = { secondsPerExample: speed * 1e-6, spentSec: 10 };
        const at = (budget: number) => {
          try {
            return comparisonStudy({ ...wanted, budgetSec: budget }, findings(), times);
          } catch {
            return null;
          }
        };
        const [less, more] = [at(budgetSec), at(2 * budgetSec)];
        if (less === null) return;
        expect(less.seconds).toBeLessThanOrEqual(budgetSec - 10);
        expect(more!.study.seeds as number).toBeGreaterThanOrEqual(less.study.seeds as number);
        expect(more!.seconds).toBeGreaterThanOrEqual(less.seconds);
      }),
    );
  });

  it("is refused where the time is too short, with the time that would do", () => {
    const slow = { secondsPerExample: 1, spentSec: 5 };
    expect(() => comparisonStudy(wanted, findings(), slow)).toThrow("the budget is 10 m 00 s");
  });
});

describe("a difference on shared examples", () => {
  it("is the paired t test over the seeds where all examples are alike, and more careful where they are not", () => {
    // Each seed moves all examples together: nothing hangs on which examples there are.
    const all = (x: number) => Array(50).fill(x);
    const [first, second] = [[1, 1, 0, 1, 1].map(all), [0, 1, 0, 0, 1].map(all)];
    const found = pairedOnExamples(first, second, { margin: 0.005 });
    const t = pairedT([1, 0, 0, 1, 0]);
    expect(found.ofExamples).toBeCloseTo(0, 20);
    expect(found.p).toBeCloseTo(t.p, 10);
    expect(found.mean).toBeCloseTo(0.4, 12);

    // One example of two makes all the difference: certain over the seeds, a matter of luck over examples.
    const half = pairedOnExamples(Array(4).fill([1, 0, 1, 1]), Array(4).fill([0, 0, 1, 1]), { margin: 0.005 });
    expect(half.ofSeeds).toBe(0);
    expect(half.p).toBeGreaterThan(0.3);
  });

  it("counts classes alike where it is told to", () => {
    // Class 0 has nine examples, all gained; class 1 has one, lost.
    const strata = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const gained = [...Array(9).fill(1), 0];
    const lost = [...Array(9).fill(0), 1];
    const both = (options: object) =>
      pairedOnExamples([gained, gained], [lost, lost], { margin: 0.005, ...options }).mean;
    expect(both({})).toBeCloseTo(0.8, 12);
    expect(both({ strata })).toBeCloseTo(0, 12);
  });
});

// ---- verdicts

const CE = canonicalJson({ ce: {} });
const EXAMPLES = 1000;

/** Trials of losses that recognize each example with these probabilities. */
function resultsOf(accuracies: Record<string, number>, seeds = 6, draws = 0): RunResults {
  const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 2);
  const trials = Object.entries(accuracies).flatMap(([name, accuracy], l) =>
    Array.from({ length: seeds }, (_, seed): TrialResult => {
      const shared = random(draws, "examples");
      const own = random(draws, "trial", l, seed);
      const logits = Float32Array.from({ length: 2 * EXAMPLES }, (_, i) => {
        const e = Math.floor(i / 2);
        // Nearly all examples are easy or hard for all; a few are a matter of chance.
        const hit = own.uniform(e) < 0.05 ? own.uniform(EXAMPLES + e) < accuracy : shared.uniform(e) < accuracy;
        return i % 2 === (hit ? labels[e] : 1 - labels[e]) ? 1 : 0;
      });
      const answer = predictions(logits, labels);
      return {
        trial: { id: `${name}${seed}`, loss: { [name]: {} }, seed } as never,
        status: "done",
        reason: null,
        cohort: null,
        roles: [{ stage: "tuned", cell: l, candidate: 0, values: { "optimizer.learningRate": 0.01 } }],
        history: [],
        observations: [{ epoch: 1, question: { kind: "predictions", split: "test" }, answer }],
      };
    }),
  );
  return { run: { id: "r", trials: trials.map((t) => t.trial.id) } as never, trials };
}

describe("the verdict", () => {
  it("recommends the loss that is better, with what it is worth", () => {
    const verdict = verdictOf(resultsOf({ ce: 0.8, focal: 0.9, mae: 0.5 }), "accuracy", CE);
    expect(verdict.kind).toBe("better");
    expect(verdict.recommended.label).toContain("focal");
    expect(verdict.recommended.difference!.mean).toBeGreaterThan(0.05);
    expect(verdict.standings.find((s) => "mae" in s.loss)!.judgement).toBe("worse");
    const text = verdictText(verdict).join(" ");
    expect(text).toContain(`Use ${verdict.recommended.label}`);
    expect(text).toContain((100 * verdict.recommended.mean!).toFixed(2));
    expect(text).toContain("Worse than CE: MAE");
  });

  it("keeps the baseline where others are as good, and says what would settle what is open", () => {
    const equal = verdictOf(resultsOf({ ce: 0.85, focal: 0.85, brier: 0.85 }), "accuracy", CE);
    expect(equal.kind).not.toBe("better");
    expect(Object.keys(equal.recommended.loss)).toEqual(["ce"]);
    const open = verdictOf(resultsOf({ ce: 0.85, focal: 0.857 }, 3), "accuracy", CE);
    expect(open.kind).toBe("open");
    expect(open.needed).not.toBeNull();
    const text = verdictText(open).join(" ");
    expect(text).toContain("No loss is better than CE beyond doubt");
    expect(text).toContain("would settle it");
  });

  it("names seeds and test examples with which the difference would be found or excluded", () => {
    const open = verdictOf(resultsOf({ ce: 0.85, focal: 0.857 }, 3), "accuracy", CE);
    const { ofSeeds, ofExamples, ...d } = open.standings.find((s) => s.difference)!.difference!;
    const error = (seeds: number, examples: number) =>
      Math.sqrt((ofSeeds * d.seeds) / seeds + (ofExamples * d.examples) / examples);
    const enough = Math.max(Math.abs(d.mean) / 2.8, (0.005 - Math.abs(d.mean)) / 2.925);
    const { seeds, examples, both } = open.needed!;
    expect(error(d.seeds, d.examples)).toBeGreaterThan(enough);
    expect(error(both.seeds, both.examples)).toBeLessThanOrEqual(enough);
    expect(error(both.seeds / 1.2, both.examples / 1.2)).toBeGreaterThan(enough);
    if (seeds !== null) expect(error(seeds, d.examples)).toBeLessThanOrEqual(enough);
    if (examples !== null) expect(error(d.seeds, examples)).toBeLessThanOrEqual(enough);
    const neither = { ...open, needed: { ...open.needed!, seeds: null, examples: null } };
    expect(verdictText(neither).at(-1)).toMatch(new RegExp(`about ${both.seeds} seeds together with .* test examples would settle it; neither alone would`)); // biome-ignore format: one line
  });

  it("invents a winner among equals in 5 of 100 data sets at most", () => {
    let invented = 0;
    for (let draws = 1; draws <= 60; draws++)
      if (verdictOf(resultsOf({ ce: 0.8, focal: 0.8, brier: 0.8 }, 3, draws), "accuracy", CE).kind === "better")
        invented++;
    expect(invented).toBeLessThan(60 * 0.05 + 4.3 * Math.sqrt(60 * 0.05 * 0.95));
  });

  describe("of a baseline whose learning rate was chosen badly", () => {
    const results = resultsOf({ ce: 0.8, focal: 0.9, mae: 0.5 });
    /** Cross-entropy with other learning rates, and how much it recognizes with them. */
    const rivals = (...rates: [number, number][]): RunResults => {
      const made = rates.map(([learningRate, accuracy]) =>
        resultsOf({ ce: accuracy }).trials.map((t) => ({
          ...t,
          trial: { ...t.trial, optimizer: { adam: { learningRate, beta1: 0.9 } } },
        })),
      );
      return { run: results.run, trials: made.flat() };
    };
    const judged = (...rates: [number, number][]) => verdictOf(results, "accuracy", CE, rivals(...rates));
    const focalIn = ({ standings }: ReturnType<typeof judged>) => standings.find((s) => "focal" in s.loss)!;

    it("recommends no other loss, and says with which learning rate it is as good", () => {
      const verdict = judged([0.003, 0.7], [0.001, 0.9]);
      expect(verdict.kind).toBe("open");
      expect(Object.keys(verdict.recommended.loss)).toEqual(["ce"]);
      expect(focalIn(verdict).contestedBy).toEqual([{ "optimizer.learningRate": 0.001 }]);
      expect(verdictText(verdict).join(" ")).toContain("not beyond doubt of CE with learning rate 0.001");
      expect(verdictText(verdict).join(" ")).not.toContain("would settle it");
    });

    it("keeps a winner that beats all of its settings, no surer than of the best of them", () => {
      const [alone, verdict] = [verdictOf(results, "accuracy", CE), judged([0.003, 0.7], [0.001, 0.82])];
      expect(verdict.recommended.label).toBe(alone.recommended.label);
      expect(focalIn(verdict).contestedBy).toEqual([]);
      expect(focalIn(verdict).adjustedP!).toBeGreaterThanOrEqual(focalIn(alone).adjustedP!);
      expect(judged([0.003, 0.7])).toEqual(alone);
      // What is worse than the baseline as it was tuned remains so.
      expect(verdict.standings.find((s) => "mae" in s.loss)!.judgement).toBe("worse");
    });

    it("does not mind settings that suit the baseline less, however uncertain they are", () => {
      const uncertain = rivals([0.1, 0.7]);
      uncertain.trials[0] = rivals([0.1, 0.99]).trials[0];
      expect(verdictOf(results, "accuracy", CE, uncertain)).toEqual(verdictOf(results, "accuracy", CE));
    });

    it("does not mind settings with which the baseline diverged", () => {
      const lost = rivals([0.1, 0.99]);
      lost.trials[0] = { ...lost.trials[0], status: "diverged", observations: [] };
      expect(verdictOf(results, "accuracy", CE, lost)).toEqual(verdictOf(results, "accuracy", CE));
    });
  });

  it("gives no rank to a loss that diverged with a seed", () => {
    const results = resultsOf({ ce: 0.8, focal: 0.99 });
    results.trials[7] = { ...results.trials[7], status: "diverged", observations: [] };
    const verdict = verdictOf(results, "accuracy", CE);
    expect(verdict.kind).not.toBe("better");
    expect(verdict.standings.find((s) => "focal" in s.loss)!.mean).toBeNull();
    expect(verdictText(verdict).join(" ")).toContain("Diverged with a seed or more: focal");
  });
});

it("predictions come back as they went in", () => {
  const logits = Float32Array.from([0, 1, 2, 5, 1, 1, 3, 3, 1]);
  const read = readPredictions(predictions(logits, [2, 1, 255]));
  expect([...read.predicted]).toEqual([2, 0, 0]);
  expect([...read.labels]).toEqual([2, 1, 255]);
});

it("findings are told with their numbers", () => {
  expect(findingsText(noisy).join(" ")).toContain("50.00 % of 1\u2009600 labels, 40.00 % with confidence");
  expect(findingsText(noisy).join(" ")).toContain("taken to be noisy, most of all a for b (30.00 %)");
  expect(findingsText(rare).join(" ")).toContain("unbalanced");
  expect(findingsText(findings()).join(" ")).toContain("taken to be clean");
});
