/** What trains elsewhere than on the processor, and what happens where that is not to be had. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { losslabIn } from "./program.ts";

/** Chromium's Vulkan device in software, by which WebGPU runs on machines without a graphics processor. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const withSwiftShader = { VK_ICD_FILENAMES: SWIFTSHADER, LD_LIBRARY_PATH: "/usr/lib/chromium" };
/** Hides what there is. */
const withNothing = { VK_ICD_FILENAMES: "/none", VK_DRIVER_FILES: "/none", CUDA_VISIBLE_DEVICES: "" };

const study = `name: device
data: { set: digits, train: 60, test: 20, validation: 0 }
model: { mlp: { hidden: [4] } }
activation: tanh
loss: [ce, mse]
optimizer: { sgd: { learningRate: 0.1, momentum: 0.9 } }
epochs: 2
batchSize: 25
seeds: 1
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-device-"));
  writeFileSync(join(folder, "study.yaml"), study);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const losslab = (env: Record<string, string>, ...args: string[]) => losslabIn(folder, args, env);

interface Results {
  environment: Record<string, string>;
  trials: { id: string; status: string; device?: string; final: Record<"train" | "test", { loss: number }> }[];
}

interface Outcome {
  started: { device: { asked: string; used: string; reason?: string }; workers: number };
  results: Results;
}

/** Trains the study on a device, in a store of its own. */
function run(device: string, env: Record<string, string>, store = device): Outcome {
  const arguments_ = ["run", "study.yaml", "--device", device, "--store", store, "--no-report", "--json"];
  const { status, stdout, stderr } = losslab(env, ...arguments_);
  expect(status, stderr).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [started, results] = ["started", "results"].map((kind) => events.find(({ event }) => event === kind));
  return { started, results };
}

const ids = ({ trials }: Results): string[] => trials.map(({ id }) => id);
const losses = ({ trials }: Results): number[] =>
  trials.flatMap(({ final: { train, test } }) => [train.loss, test.loss]);

let cpu: Outcome;
beforeAll(() => {
  cpu = run("cpu", withNothing);
});

test("the processor is not worth a word", () => {
  expect(cpu.started.device).toEqual({ asked: "cpu", used: "cpu" });
  expect(cpu.results.environment).toMatchObject({ device: "cpu" });
  expect(cpu.results.environment).not.toHaveProperty("device asked for");
});

describe.skipIf(process.platform !== "linux")("a device that is not to be had", () => {
  test.each(["webgpu", "cuda"])("%s: the processor serves, and it is recorded", (device) => {
    const { started, results } = run(device, withNothing);
    expect(started.device).toEqual({ asked: device, used: "cpu", reason: expect.stringMatching(/.{20,}/) });
    expect(results.environment).toMatchObject({ device: "cpu", "device asked for": device });
    expect(ids(results)).toEqual(ids(cpu.results));
    expect(losses(results)).toEqual(losses(cpu.results));
  });

  test("people are told", () => {
    const { stderr } = losslab(withNothing, "plan", "study.yaml", "--device", "webgpu");
    expect(stderr).toMatch(/^note {2}webgpu cannot be used here: .{20,}; training on cpu instead$/m);
    const { stdout } = losslab(withNothing, "doctor");
    expect(stdout).toMatch(/^ {2}cpu +works$/m);
    expect(stdout).toMatch(/^ {2}webgpu +no .{20,}$/m);
    expect(stdout).toMatch(/^ {2}cuda +.{20,}$/m);
  });
});

test("a device that does not exist is a mistake", () => {
  const { status, stderr } = losslab({}, "run", "study.yaml", "--device", "vulkan");
  expect(status).toBe(2);
  expect(stderr).toContain("cpu, webgpu, cuda");
});

describe.skipIf(!existsSync(SWIFTSHADER))("WebGPU, here in software", () => {
  test("trains to the processor's numbers, under identities of its own", () => {
    const { started, results } = run("webgpu", withSwiftShader, "in-software");
    expect(started).toMatchObject({ device: { asked: "webgpu", used: "webgpu" }, workers: 1 });
    expect(results.environment).toMatchObject({ device: "webgpu" });
    expect(results.trials.map(({ device }) => device)).toEqual(["webgpu", "webgpu"]);
    for (const id of ids(results)) expect(ids(cpu.results)).not.toContain(id);
    losses(results).forEach((loss, i) => {
      expect(loss / losses(cpu.results)[i]).toBeCloseTo(1, 5);
    });
  });
});
