import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ce, fixtureResults, focal, sgd } from "../report/fixture.ts";
import type { Trial } from "../run/records.ts";
import { predictionInterval } from "../stats/prediction-interval.ts";
import { checkStudy, readYaml } from "../study/parse.ts";
import { plan } from "../study/plan.ts";
import { zoo } from "../zoo/index.ts";
import { compareRow } from "./figures.ts";
import { reportNames, writtenReports } from "./files.ts";
import { readReport } from "./report-file.ts";
import { checkReport, reproduction } from "./reproduction.ts";
import { figureTables, findingText } from "./tables.ts";

/** Trials that a preset plans. */
function planned(name: string): { trial: Trial }[] {
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
  return plan(study, facts as never, zoo).trials.map((trial) => ({ trial }));
}

describe("the written reports", () => {
  it.each(reportNames())("%s: every row is one configuration of its study, every claim speaks of trials that there are", (name) => {
    const [report] = writtenReports(name);
    const trials = new Map(report.studies.map((study) => [study, planned(study)]));
    expect(() => checkReport(report, trials)).not.toThrow();
    expect(report.claims.length).toBeGreaterThan(3);
    expect(new Set(report.claims.map(({ claim }) => claim.id)).size).toBe(report.claims.length);
  }); // biome-ignore format: a name on its line

  it("share what they train alike", () => {
    const ids = (name: string) => new Set(planned(name).map(({ trial }) => trial.id));
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => ids(`report-${name}`));
    for (const id of b) expect(a.has(id) && c.has(id) && d.has(id)).toBe(true);
  });
});

const file = `report: x
title: a report
studies: [one]
reported:
  - { row: first, study: one, where: { loss: ce }, test: { accuracy: 0.9 } }
  - { row: second, study: one, where: { loss: { focal: 2 } }, train: { loss: 0.1 }, test: { accuracy: [0.7, 0.8] } }
claims:
  - { id: X1, claim: "CE is better.", test: "accuracy(ce) > accuracy(focal(2))" }
`;
const { trials } = fixtureResults({
  configurations: [
    { loss: ce, accuracy: 0.9 },
    { loss: focal(2), accuracy: 0.85 },
  ],
  seeds: 4,
});

describe("a reproduction", () => {
  it("shows our figures beside the reported ones, by what one more run would be", () => {
    const [row] = readReport(file, "x.yaml").reported;
    const own = trials.filter(({ trial }) => "ce" in trial.loss).map((t) => t.history.at(-1)!.test.accuracy);
    const { low, high } = predictionInterval(own)!;
    const at = (accuracy: number) => compareRow({ ...row, test: { accuracy } }, trials).figures[0];
    expect(at(low + 1e-9).inside).toBe(true);
    expect(at(high + 1e-9).inside).toBe(false);
    expect(at(0.5).difference).toBeCloseTo(own.reduce((a, b) => a + b) / 4 - 0.5, 12);
    expect(at(0.5).ours!.n).toBe(4);
    const one = compareRow(row, trials.filter(({ trial }) => trial.seed === 1)).figures[0]; // biome-ignore format: one line
    expect(one.inside).toBeNull();
    expect(compareRow(row, []).figures[0]).toMatchObject({ ours: null, difference: null, inside: null });
  });

  it("takes a reported range as such, and an epoch that is not the last", () => {
    const [, row] = readReport(file, "x.yaml").reported;
    const of = (change: object) => compareRow({ ...row, ...change }, trials).figures;
    expect(of({}).map(({ split, measure }) => `${split} ${measure}`)).toEqual(["train loss", "test accuracy"]);
    expect(of({})[1]).toMatchObject({ inside: false });
    expect(of({})[1].difference).toBeCloseTo(of({})[1].ours!.mean - 0.8, 12);
    expect(of({ test: { accuracy: [0.8, 0.9] } })[1]).toMatchObject({ inside: true, difference: 0 });
    expect(of({ epoch: 2 })[1].ours!.mean).toBeLessThan(of({})[1].ours!.mean);
  });

  it("says of each claim what it found, in words that its numbers carry", () => {
    const found = reproduction(readReport(file, "x.yaml"), new Map([["one", trials]]));
    const [{ findings, direction }] = found.claims;
    expect(direction).toBe("as claimed");
    const { mean, halfWidth } = findings[0].difference;
    expect(findingText(findings[0])).toContain(
      `+${(100 * mean).toFixed(2)} ± ${(100 * halfWidth!).toFixed(2)} points, 4 seeds: as claimed`,
    );
    expect(figureTables(found).map(({ rows }) => rows.length)).toEqual([2, 1]);
  });

  it("tells every mistake of a report's file with its place", () => {
    const wrong = file.replace("accuracy(ce) >", "acuracy(ce) >").replace("studies: [one]", "studies: [two]");
    expect(() => readReport(wrong, "x.yaml")).toThrow(/there is no measure "acuracy"/);
    expect(() => readReport(wrong, "x.yaml")).toThrow(/one is none of the report's studies/);
    expect(() => readReport(file.replace("row: first,", ""), "x.yaml")).toThrow(/is missing/);
    const report = readReport(file, "x.yaml");
    expect(() => checkReport(report, new Map([["one", []]]))).toThrow("0 configurations of one are meant by");
    const twice = fixtureResults({ configurations: [0.1, 0.2].map((lr) => ({ loss: ce, optimizer: sgd(lr), accuracy: 0.9 })) }); // biome-ignore format: one line
    expect(() => checkReport(report, new Map([["one", twice.trials]]))).toThrow("2 configurations of one");
  });
});
