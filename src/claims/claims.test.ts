import { describe, expect, it } from "vitest";
import { ce, fixtureResults, focal, fourLosses, hinge, sgd } from "../report/fixture.ts";
import type { TrialResult } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { readClaim } from "./claim.ts";
import { checkClaim, evidence } from "./evidence.ts";
import { parseTest } from "./grammar.ts";
import { measureNames } from "./measures.ts";

const read = (test: string, by?: string | number) =>
  readClaim({ id: "T1", claim: "a sentence", test, ...(by !== undefined && { by }) });

const { trials } = fixtureResults({ configurations: [...fourLosses, { loss: focal(2), accuracy: 0.95 }], seeds: 5 });
const direction = (test: string, by?: string | number, of: readonly TrialResult[] = trials) =>
  evidence(read(test, by), of).direction;

describe("the test of a claim", () => {
  it("is read into comparisons; a chain is one between each two neighbours", () => {
    const [first, second, third] = parseTest(
      "accuracy(focal(0.5)) > train.accuracy@3(ce, batchSize=10) >= accuracy() and loss(sgd(0.1, momentum=0.9), mlp([112, 28])) < 12 %",
      measureNames,
    );
    expect(first).toMatchObject({
      operator: ">",
      left: { measure: "accuracy", split: "test", epoch: null, selectors: [{ name: "focal", args: [{ key: null, value: 0.5 }] }] },
      right: { split: "train", epoch: 3, selectors: [{ name: "ce", args: [] }, { kind: "field", field: "batchSize", value: 10 }] },
    }); // biome-ignore format: one side a line
    expect(second).toMatchObject({ operator: ">=", left: first.right, right: { selectors: [] } });
    expect(third).toMatchObject({
      left: {
        selectors: [{ args: [{ value: 0.1 }, { key: "momentum", value: 0.9 }] }, { args: [{ value: [112, 28] }] }],
      },
      right: { kind: "number", value: 12, unit: "%", text: "12 %" },
    });
    expect(third.left.text).toBe("loss(sgd(0.1, momentum=0.9), mlp([112, 28]))");
  });

  it.each([
    ["accuracy(ce) > accuracy(mae", 'expected ")", found its end', "character 28"],
    ["acuracy(ce) > 0.5", 'there is no measure "acuracy", found "acuracy"', "character 1"],
    ["tset.accuracy(ce) > 0.5", 'there is no split "tset", found "tset.accuracy"', "character 1"],
    ["accuracy(ce)", "expected >= <= > < ≈ =, found its end", "character 13"],
    ["accuracy(ce) > 0.5 or 1", 'expected "and" or the end, found "or"', "character 20"],
    ["accuracy@0(ce) > 0.5", 'expected an epoch, counted from 1, found "0"', "character 10"],
    ["accuracy(ce) > #", 'cannot read "#"', "character 15"],
    ["0.5 < 0.6", "compares two numbers, 0.5 and 0.6", undefined],
  ])("says what is wrong with %s, and where", (text, message, where) => {
    try {
      parseTest(text, measureNames);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ message, where });
    }
  });

  it("compares like with like, by a margin in their unit", () => {
    expect(() => read("accuracy(ce) > loss(ce)")).toThrow("one is in points, the other in loss");
    expect(() => read("accuracy(ce) > 0.5", "3 epochs")).toThrow("compares points");
    expect(() => read("accuracy(ce) > 0.5", "three points")).toThrow("expected a number with points");
    expect(read("accuracy(ce) > 0.5", "0.2 points").margin).toBeCloseTo(0.002, 12);
    expect(read("train.converged(ce) ≈ 25", "5 epochs").margin).toBe(5);
    expect(() => readClaim({ id: "T", claim: "a sentence" })).toThrow("needs a test");
  });

  it("takes numbers in the units of the measures", () => {
    const number = (test: string) => read(test).comparisons[0].right as { value: number };
    expect(number("accuracy(ce) > 12 %").value).toBeCloseTo(0.12, 12);
    expect(number("accuracyGap(ce) < 2 points").value).toBeCloseTo(0.02, 12);
    expect(number("upturn(ce) > 5 %").value).toBe(5);
    expect(number("train.converged(ce) <= 5 epochs").value).toBe(5);
    expect(number("seconds(ce) < 0.5 seconds").value).toBe(0.5);
    expect(() => read("accuracy(ce) > 5 seconds")).toThrow("compares points with 5 seconds");
  });

  it("names nothing that there is not", () => {
    const check = (test: string) => () => checkClaim(read(test), trials.map((t) => t.trial)); // biome-ignore format: one line
    expect(check("accuracy(focal(0.5)) > accuracy(ce)")).not.toThrow();
    expect(check("accuracy(focall) > 0.5")).toThrow('no loss, activation, optimizer or the like called "focall"');
    expect(check("accuracy(focal(gama=2)) > 0.5")).toThrow('focal has no parameter "gama"');
    expect(check("accuracy(tanh(1)) > 0.5")).toThrow("tanh has no parameter that a value alone could stand for");
    expect(check("accuracy(batch=10) > 0.5")).toThrow('no "batch" to select by');
    expect(check("accuracy(focal(7)) > 0.5")).toThrow("no trial of the study is meant by this");
    expect(check("accuracy(labelNoise=symetric(0.4)) > 0.5")).toThrow('no labelNoise "symetric"');
    expect(check("accuracy(loss=relu) > 0.5")).toThrow('no loss "relu"');
    expect(check("accuracy(batchSize=10(2)) > 0.5")).toThrow("batchSize is a plain value");
    expect(check("accuracy(none) > 0.5")).toThrow("none of what?");
  });
});

describe("evidence", () => {
  it("is the difference by seed: those that a diverged trial lacks are left out and counted", () => {
    const [finding] = evidence(read("accuracy(ce) > accuracy(focal(0.5))"), trials).findings;
    const final = (loss: object, seed: number) =>
      trials
        .find(({ trial }) => trial.seed === seed && JSON.stringify(trial.loss) === JSON.stringify(loss))!
        .history.at(-1)!.test.accuracy;
    expect([...finding.differences.keys()]).toEqual([1, 2, 4, 5]);
    for (const [seed, difference] of finding.differences)
      expect(difference).toBeCloseTo(final(ce, seed) - final(focal(0.5), seed), 12);
    expect(finding).toMatchObject({
      left: { trials: 5, without: 0 },
      right: { trials: 4, without: 1 },
      unit: "points",
    });
  });

  it("points the way that the interval does, and the other way when the claim is turned round", () => {
    expect(direction("accuracy(ce) > accuracy(hinge)")).toBe("as claimed");
    expect(direction("accuracy(hinge) > accuracy(ce)")).toBe("the other way");
    expect(direction("accuracy(hinge) < accuracy(ce)")).toBe("as claimed");
    expect(direction("accuracy(ce) > accuracy(hinge) > accuracy(focal(2)) > accuracy(mae)")).toBe("as claimed");
    expect(direction("accuracy(ce) > accuracy(hinge) and accuracy(mae) > 0.5")).toBe("the other way");
  });

  it("needs the whole interval beyond the margin, and of ≈ within it", () => {
    const { mean, halfWidth } = evidence(read("accuracy(ce) > accuracy(hinge)"), trials).findings[0].difference;
    const [low, high] = [mean - halfWidth!, mean + halfWidth!];
    const claimed = (by: number) => direction("accuracy(ce) > accuracy(hinge)", by);
    expect([claimed(low * 0.99), claimed((low + high) / 2), claimed(high * 1.01)]).toEqual([
      "as claimed",
      "undecided",
      "the other way",
    ]);
    const equal = (by: number) => direction("accuracy(ce) ≈ accuracy(hinge)", by);
    expect([equal(high * 1.01), equal(mean), equal(low * 0.99)]).toEqual(["as claimed", "undecided", "the other way"]);
    expect(direction("accuracy(mae) ≈ 10 %", "1 point")).toBe("as claimed");
  });

  it("holds to rounding what must be equal", () => {
    expect(direction("recall() = accuracy() and train.recall() = train.accuracy()")).toBe("as claimed");
    expect(direction("precision(ce) = accuracy(ce)")).toBe("the other way");
  });

  it("decides nothing by one seed, nor by none", () => {
    const one = trials.filter(({ trial }) => trial.seed === 1);
    expect(direction("accuracy(ce) > accuracy(mae)", undefined, one)).toBe("undecided");
    expect(direction("accuracy(ce) > accuracy(mae)", undefined, [])).toBe("undecided");
    expect(direction("accuracy@50(ce) > accuracy(mae)")).toBe("undecided"); // no trial came so far
  });

  it("selects by what stands at a field, conditions of the data among them", () => {
    const noisy = { labelNoise: { symmetric: { rate: 0.4 } } };
    const both = fixtureResults({
      configurations: [
        { loss: ce, accuracy: 0.9, data: { set: "mnist" } },
        { loss: ce, accuracy: 0.6, data: { set: "mnist", ...noisy } },
        { loss: hinge(5), accuracy: 0.8, data: { set: "mnist", ...noisy } },
      ],
      seeds: 3,
    }).trials;
    const named = (selection: string) => evidence(read(`accuracy(${selection}) > 0.1`), both).findings[0].left;
    expect(named("").trials).toBe(9);
    expect(named("labelNoise=none").trials).toBe(3);
    expect(named("symmetric(0.4)")).toMatchObject({ trials: 6 });
    expect(named("loss=hinge").trials).toBe(3);
    expect(named("loss=hinge(5), labelNoise=symmetric(rate=0.4)").trials).toBe(3);
    expect(named("symmetric(0.2)").trials).toBe(0);
    expect(named("ema=0, epochs=20, augment=none").trials).toBe(9);
    const [finding] = evidence(read("accuracy(labelNoise=none) > accuracy(ce, symmetric)"), both).findings;
    expect(finding.difference.mean).toBeGreaterThan(0.2);
  });

  it("reads what the study asked for beyond the records: probabilities, corruptions, the best epoch", () => {
    const value = (test: string) => evidence(read(test), trials).findings[0].left;
    const [{ observations, history }] = trials;
    const asked = observations.find((o) => o.question.kind === "probabilities" && o.question.split === "test")!;
    const first = (test: string) => evidence(read(test), trials.slice(0, 1)).findings[0].left.value;
    expect(first("ece(ce) < 1")).toBe((asked.answer as { ece: number }).ece);
    const corrupted = observations.flatMap((o) => (o.question.kind === "corruption" ? [(o.answer as { accuracy: number }).accuracy] : [])); // biome-ignore format: one line
    expect(first("corruptedAccuracy(ce) < 1")).toBeCloseTo(corrupted.reduce((a, b) => a + b) / corrupted.length, 12);
    const best = Math.max(...history.map((r) => r.validation!.accuracy));
    expect(first("accuracyAtBest(ce) < 1")).toBe(history.find((r) => r.validation!.accuracy === best)!.test.accuracy);
    expect(first("validation.accuracyAtBest(ce) < 1")).toBe(best);
    expect(value("train.ece(ce) < 1")).toMatchObject({ trials: 0, without: 5 }); // the study did not ask
    expect(value("mcc(ce) > 0.5").value).toBeGreaterThan(0.8);
  });

  it("takes the mean of all that the selectors name", () => {
    const both = fixtureResults({
      configurations: [
        { loss: ce, optimizer: sgd(0.1), accuracy: 0.9 },
        { loss: ce, optimizer: sgd(0.01), accuracy: 0.8 },
        { loss: hinge(5), optimizer: sgd(0.1), accuracy: 0.7 },
        { loss: hinge(5), optimizer: sgd(0.01), accuracy: 0.5 },
      ],
      seeds: 4,
    }).trials;
    const at = (test: string) => evidence(read(test), both).findings[0].difference.mean;
    const [large, small] = [at("accuracy(ce, sgd(0.1)) > accuracy(hinge, sgd(0.1))"), at("accuracy(ce, sgd(0.01)) > accuracy(hinge, sgd(0.01))")];
    expect(at("accuracy(ce) > accuracy(hinge)")).toBeCloseTo((large + small) / 2, 12);
    expect(at("accuracy(ce) > accuracy(hinge)")).toBeCloseTo(0.25, 1);
  }); // biome-ignore format: long lines
});
