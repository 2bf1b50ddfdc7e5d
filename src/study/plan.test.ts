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
