import { describe, expect, it } from "vitest";
import { ce, fixtureResults, focal, fourLosses } from "../report/fixture.ts";
import type { TrialResult } from "../run/records.ts";
import { pairedT } from "../stats/paired-t.ts";
import { random } from "../util/random.ts";
import { readClaim } from "./claim.ts";
import { type Evidence, evidence } from "./evidence.ts";
import { judgeClaims } from "./verdict.ts";

const { trials } = fixtureResults({ configurations: [...fourLosses, { loss: focal(2), accuracy: 0.95 }], seeds: 5 });
const of = (test: string, by?: string, on: readonly TrialResult[] = trials): Evidence =>
  evidence(readClaim({ id: test, claim: "a sentence", test, ...(by && { by }) }), on);
const verdictOf = (...given: Parameters<typeof of>) => judgeClaims([of(...given)])[0].verdict;

describe("a verdict", () => {
  it.each([
    ["accuracy(ce) > accuracy(focal(2))", undefined, "supported"],
    ["accuracy(focal(2)) > accuracy(ce)", undefined, "contradicted"],
    ["accuracy(ce) > accuracy(focal(2))", "20 points", "contradicted"],
    ["accuracy(ce) > accuracy(focal(2)) > accuracy(mae)", undefined, "supported"],
    ["accuracy(ce) > accuracy(mae) > accuracy(focal(2))", undefined, "contradicted"],
    ["accuracy(mae) < 0.2", undefined, "supported"],
    ["accuracy(mae) ≈ 10 %", "2 points", "supported"],
    ["accuracy(ce) ≈ accuracy(mae)", "2 points", "contradicted"],
    ["recall(ce) = accuracy(ce)", undefined, "supported"],
    ["accuracy(ce) = accuracy(mae)", undefined, "contradicted"],
  ])("on %s by %s: %s", (test, by, expected) => expect(verdictOf(test, by)).toBe(expected));

  it("has the p of the paired test, and the correction of the family", () => {
    const [alone] = judgeClaims([of("accuracy(ce) > accuracy(focal(0.5))")]);
    const { p } = pairedT([...alone.findings[0].differences.values()]);
    expect(alone.p).toBeCloseTo(p, 12);
    expect(alone.adjustedP).toBe(alone.p);
    const open = of("accuracy(focal(0.5)) > accuracy(ce)");
    const among = judgeClaims([of("accuracy(ce) > accuracy(focal(0.5))"), open, of("recall(ce) = accuracy(ce)")]);
    expect(among[0].adjustedP).toBeCloseTo(Math.min(1, 2 * p), 12);
    expect(among[2].p).toBeNull();
  });

  it("is undecided with one seed, and says how many seeds would decide it otherwise", () => {
    expect(verdictOf("accuracy(ce) > accuracy(mae)", undefined, fixtureResults({ seeds: 1 }).trials)).toBe("undecided");
    const [open] = judgeClaims([of("accuracy(ce) > accuracy(focal(0.5))", "0.05 points")]);
    expect(open.verdict).toBe("undecided");
    expect(open.seedsNeeded).toBeGreaterThan(open.seeds);
  });
});

it("claims that are not so are supported or contradicted in at most 5 % of studies", () => {
  const [a, b] = [ce, focal(2)].map((loss) => ({ loss, accuracy: 0.9 }));
  const study = fixtureResults({ configurations: [a, b], seeds: 5, epochs: 1 }).trials;
  const stream = random(3, "claims under the null");
  const repeats = 400;
  let wrong = 0;
  for (let r = 0; r < repeats; r++) {
    study.forEach((t, i) => {
      t.history[0].test.accuracy = 0.9 + 0.01 * stream.normal(100 * r + i);
    });
    const claims = ["accuracy(ce) > accuracy(focal(2))", "accuracy(ce) < 90 %", "accuracy(focal(2)) > 90 %"];
    const judged = judgeClaims(claims.map((test) => of(test, undefined, study)));
    if (judged.some((c) => c.verdict !== "undecided")) wrong++;
  }
  expect(wrong / repeats).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / repeats));
});
