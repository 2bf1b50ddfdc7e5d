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
      right: { kind: "number", value: 0.12, text: "12 %" },
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

  it("names nothing that there is not", () => {
    const check = (test: string) => () => checkClaim(read(test), trials.map((t) => t.trial)); // biome-ignore format: one line
    expect(check("accuracy(focal(0.5)) > accuracy(ce)")).not.toThrow();
    expect(check("accuracy(focall) > 0.5")).toThrow('no loss, activation or optimizer "focall"');
    expect(check("accuracy(focal(gama=2)) > 0.5")).toThrow('focal has no parameter "gama"');
    expect(check("accuracy(tanh(1)) > 0.5")).toThrow("tanh has no parameter that a value alone could stand for");
    expect(check("accuracy(batch=10) > 0.5")).toThrow('no "batch" to select by');
    expect(check("accuracy(focal(7)) > 0.5")).toThrow("no trial of the study is meant by this");
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
