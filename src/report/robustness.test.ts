import { describe, expect, it } from "vitest";
import { meanCorruptionError } from "../metrics/index.ts";
import { configurations } from "./configurations.ts";
import { fixtureResults, focal, fourLosses, sgd } from "./fixture.ts";
import { corruptionErrorOf, referenceOf, robustnessOf, under } from "./robustness.ts";

const results = fixtureResults({
  configurations: [
    { ...fourLosses[2] },
    { ...fourLosses[0] },
    { loss: focal(2), optimizer: sgd(0.1), accuracy: 0.97 },
    { ...fourLosses[0], optimizer: sgd(0.1), accuracy: 0.9 },
  ],
});
const all = configurations(results);
const robustness = robustnessOf(results)!;

describe("robustness of a run", () => {
  it("is ordered by kind and strength, and says how many examples there were", () => {
    expect(robustness.families.map((f) => `${f.kind} ${f.title} ${f.members.map((m) => m.strength)}`)).toEqual([
      "corruption blur 1,2,3,4,5",
      "corruption Gaussian noise 1,2,3,4,5",
      "corruption rotation 1,2,3,4,5",
      "noise noise on inputs 0.5,1",
      "attack FGSM 0.05,0.1",
      "attack PGD 0.05,0.1",
    ]);
    expect(robustness.examples).toBe(1000);
  });

  it("measures errors in units of cross-entropy under equal conditions, and leaves the other optimizer's aside", () => {
    const [hinge, ce, focal2, ce2] = all;
    expect([hinge, ce, focal2, ce2].map((c) => referenceOf(all, c))).toEqual([ce, ce, ce2, ce2]);
    for (const c of [ce, ce2]) {
      const error = corruptionErrorOf(robustness, all, c)!;
      expect(error.mean).toBeCloseTo(1, 12);
      expect(error.relative).toBeCloseTo(1, 12);
    }
    const errors = (c: (typeof all)[number]) =>
      Object.fromEntries(
        robustness.families
          .filter((f) => f.kind === "corruption")
          .map((f) => [f.family, f.members.map((m) => under(robustness, c, m, (found) => 1 - found.accuracy)!.mean)]),
      );
    expect(corruptionErrorOf(robustness, all, hinge)!.mean).toBe(meanCorruptionError(errors(hinge), errors(ce)));
  });

  it("leaves answers about other examples than the study's out, and gives no mean error where a severity is missing", () => {
    const other = { ...results, run: { ...results.run, spec: { ...results.run.spec, robustness: { seed: 3 } } } };
    expect(robustnessOf(other)).toBeNull();
    const holes = {
      ...results,
      trials: results.trials.map((t) => ({
        ...t,
        observations: t.observations.filter(
          ({ question: q }) => !(q.kind === "corruption" && q.severity === 5 && "hinge" in t.trial.loss),
        ),
      })),
    };
    const some = configurations(holes);
    expect(corruptionErrorOf(robustnessOf(holes)!, some, some[0])).toBeNull();
    expect(corruptionErrorOf(robustnessOf(holes)!, some, some[1])).not.toBeNull();
  });
});
