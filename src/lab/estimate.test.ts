import { beforeAll, describe, expect, it } from "vitest";
import { dataBytesOf, estimates, fitted } from "./estimate.ts";
import { type ReadyStudy, readyObject } from "./study.ts";

let ready: ReadyStudy;
beforeAll(async () => {
  const data = { set: "digits", train: 500, test: 100 };
  ready = await readyObject({ name: "s", data, model: { mlp: { hidden: [64] } }, loss: ["ce", "mae"], seeds: 4 });
});

describe("memory", () => {
  const fit = (workers: number, memory?: number) =>
    fitted(ready.plan, ready.readBytes, dataBytesOf(ready.plan, ready.prepared), workers, memory);
  const needs = (workers: number): number =>
    estimates(ready.plan, ready.readBytes, dataBytesOf(ready.plan, ready.prepared), workers).memoryBytes;

  it("is estimated, more for more workers", () => {
    expect(needs(1)).toBeGreaterThan(100e6);
    expect(needs(2)).toBeGreaterThan(needs(1));
  });

  it("that is enough leaves the workers that were asked for, with less there are fewer", () => {
    expect(fit(3, needs(3))).toMatchObject({ workers: 3, problem: null });
    expect(fit(3, needs(3) - 1)).toMatchObject({ workers: 2, problem: null });
    expect(fit(3, needs(1))).toMatchObject({ workers: 1, problem: null });
  });

  it("that is not enough for one worker refuses the study, and says what it would need and what takes less", () => {
    const { problem } = fit(3, needs(1) - 1);
    expect(problem?.message).toMatch(/needs about .* of memory even with one worker; .* are allowed by --memory/);
    expect(problem?.hint).toMatch(/fuse: false.*batchSize.*--memory/);
  });

  it("of this machine is what it has, or what its container allows", () => {
    const { available } = fit(1);
    expect(available.bytes).toBeGreaterThan(0);
    expect(available.of).toMatch(/free|container/);
  });
});
