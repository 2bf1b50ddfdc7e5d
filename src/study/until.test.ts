import { describe, expect, it } from "vitest";
import { planOfSeeds } from "../lab/looks.ts";
import { zoo } from "../zoo/index.ts";
import { checkStudy, readYaml } from "./parse.ts";
import { plan } from "./plan.ts";
import { designOf } from "./until.ts";

const facts = { name: "digits", version: "1", shape: [1, 28, 28], classes: 10, trainCount: 900, testCount: 100 };
const check = (fields: string) => checkStudy(readYaml(`name: s\nloss: [ce, mae]\n${fields}`, "s.yaml"), [], zoo);
const planned = (fields: string) => plan(check(fields), () => facts as never, zoo);
const sizes = (fields: string) => check(fields).until!.looks.map((seeds) => seeds.length);

describe("a study that adds seeds", () => {
  it("states its looks beforehand: blocks as large as the first, each seed once, the last at the most seeds", () => {
    expect(sizes("until: decided")).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
    expect(sizes("seeds: 4\nuntil: { decided: 10 }")).toEqual([4, 8, 10]);
    expect(sizes("seeds: 4\nuntil: { decided: { maxSeeds: 10, perLook: 2 } }")).toEqual([4, 6, 8, 10]);
    const { looks, fractions, spending, futility } = check("seeds: [7, 2]\nuntil: { decided: 5 }").until!;
    expect(looks).toEqual([[7, 2], [7, 2, 8, 9], [7, 2, 8, 9, 10]]); // biome-ignore format: one line
    expect(fractions).toEqual([0.4, 0.8, 1]);
    expect([spending, futility]).toEqual(["obrienFleming", "say"]);
    expect(check("").until).toBeNull();
  });

  it("has the trials of a study with a fixed number of seeds, block by block, in the same cohorts", () => {
    const whole = planned("seeds: 4\nuntil: { decided: 12 }");
    expect(whole.trials).toEqual(planned("seeds: 12").trials);
    for (const seeds of whole.study.until!.looks) {
      const part = planOfSeeds(whole, seeds);
      const fixed = planned(`seeds: ${seeds.length}`);
      expect(part.trials).toEqual(fixed.trials);
      expect(part.cohorts.map(({ id }) => id)).toEqual(fixed.cohorts.map(({ id }) => id));
    }
  });

  it("is read from the store as from its file", () => {
    for (const fields of ["seeds: [7, 2]\nuntil: { decided: 5 }", "until: decided", "seeds: 3"]) {
      const { said, until } = check(fields);
      expect(designOf(said)).toEqual(until);
    }
  });

  it("may claim something of a seed that comes later", () => {
    const claim = 'claims: [{ id: A, claim: "x", test: "accuracy(ce, seed=9) > 0.5" }]';
    expect(() => planned(`until: { decided: 10 }\n${claim}`)).not.toThrow();
    expect(() => planned(`seeds: 3\n${claim}`)).toThrow("no trial of the study");
  });

  it.each([
    ["until: decide", /s\.yaml:3:8 {2}until: there is no stopping rule "decide": did you mean "decided"/],
    ["until: { decided: { maxSeed: 9 } }", /until\.decided\.maxSeed.*did you mean "maxSeeds"/],
    ["until: { decided: { maxSeeds: 9, spending: pocok } }", /until\.decided\.spending.*pocock/],
    ["until: { decided: 3 }", /until: is 3 seeds at most, and the study begins with 3/],
    ["seeds: 1\nuntil: { decided: 100 }", /until: comes to 100 looks, and 50 are the most: raise perLook/],
    ["until: [decided]", /until: must be the name of a stopping rule/],
  ])("tells what is wrong with %s", (fields, message) => expect(() => check(fields)).toThrow(message));
});
