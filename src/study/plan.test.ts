/** What the planner decides is a function of the study: the machine's cores play no role. */
import { describe, expect, it } from "vitest";
import type { Device } from "../run/devices.ts";
import { zoo } from "../zoo/index.ts";
import { checkStudy } from "./parse.ts";
import { type PlanOptions, plan } from "./plan.ts";
import type { StudySpec } from "./spec.ts";

const facts = () => ({
  name: "x",
  version: "1",
  shape: [3, 32, 32],
  pixels: "uint8" as const,
  classes: 10,
  trainCount: 50_000,
  testCount: 10_000,
});

const planned = (spec: Partial<StudySpec>, options: PlanOptions = {}) =>
  plan(
    checkStudy({ said: { name: "study", batchSize: 128, seeds: 1, ...spec }, where: String }, [], zoo),
    facts,
    zoo,
    options,
  );

/** Trials and threads of each cohort. */
const cohorts = (spec: Partial<StudySpec>) =>
  planned(spec).cohorts.map(({ trials, threads }) => [trials.length, threads]);

describe("threads within a cohort", () => {
  it("are two for a convolutional cohort that is the only one", () => {
    expect(cohorts({ model: "lenet" })).toEqual([[1, 2]]);
    expect(cohorts({ model: "lenet", loss: ["ce", "mae", "focal"] })).toEqual([[3, 2]]);
  });

  it("are one beside other cohorts, in dense networks and for short steps", () => {
    expect(cohorts({ model: "lenet", seeds: 2 })).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(cohorts({ model: { mlp: { hidden: [4000] } } })).toEqual([[1, 1]]);
    expect(cohorts({ model: "lenet", batchSize: 8 })).toEqual([[1, 1]]);
  });
});

describe("the device", () => {
  const of = (device?: Device) => planned({ loss: ["ce", "mae"] }, device ? { device } : {});

  it("is part of a trial's identity where it is not the processor", () => {
    expect(of("cpu")).toEqual(of());
    const all = [of(), of("webgpu"), of("cuda")].flatMap(({ trials, cohorts }) => [...trials, ...cohorts]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(of("cuda").trials.map(({ device }) => device)).toEqual(["cuda", "cuda"]);
  });
});

describe("what cannot be measured is refused before anything trains", () => {
  const of = (spec: Partial<StudySpec>, other: object = {}) => {
    const study = checkStudy({ said: { name: "study", ...spec }, where: String }, [], zoo);
    return () => plan(study, () => ({ ...facts(), ...other }), zoo);
  };
  it("the top k of no more classes", () => {
    expect(of({ measure: { topK: [2, 9] } })).not.toThrow();
    expect(of({ measure: { topK: [2, 10] } })).toThrow("measure.topK.1: top 10 of 10 classes is always right");
    expect(of({}, { classes: 3 })).not.toThrow();
  });
  it("corruptions of what is no image", () => {
    expect(of({ robustness: { corruptions: ["blur"] } })).not.toThrow();
    expect(of({ robustness: { noise: 1 } }, { shape: [4], pixels: "float32" })).not.toThrow();
    for (const other of [{ shape: [4], pixels: "float32" }, { pixels: "float32" }])
      expect(of({ robustness: true }, other)).toThrow("so that no corruption can be applied");
  });
  it("training figures over more examples than there are", () => {
    expect(of({ measure: { trainLast: 50_001 } })).toThrow("an epoch has 50000 training examples");
  });
});
