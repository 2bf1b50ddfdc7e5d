/** `losslab export` as its users meet it: what it writes agrees with what the store has. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonWith } from "../src/export/fixture.ts";
import { loader } from "../src/lab/datasets.ts";
import { preparer } from "../src/lab/prepare.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import type { DataSpec } from "../src/study/spec.ts";
import { decodeSafetensors } from "../src/util/safetensors.ts";
import { losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const study = `name: small
data: { set: digits, train: 800, test: 200, validation: 100, scale: standardize }
model: { mlp: { hidden: [12] } }
loss: [ce, { hinge: { delta: 5 } }]
optimizer: { sgd: { learningRate: 0.1 } }
ema: [0, 0.98]
epochs: 2
batchSize: 40
seeds: 2
`;

interface TrialJson {
  id: string;
  label: string;
  data: Record<string, unknown>;
  loss: object;
  ema?: number;
  seed: number;
  final: { test: { accuracy: number; confusion: number[][] } };
}
let trials: TrialJson[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-export-"));
  writeFileSync(join(folder, "small.yaml"), study);
  expect(losslab("run", "small.yaml", "--no-report").status).toBe(0);
  trials = JSON.parse(losslab("results", "--json").stdout).trials;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("of a trained trial", () => {
  test("ONNX classifies the test images as the trial did after its last epoch, by averaged weights too", async () => {
    const backend = nodeBackend();
    const chosen = trials.filter((t) => t.seed === 1 && "hinge" in t.loss);
    expect(chosen.map(({ ema }) => ema)).toEqual([undefined, 0.98]);
    for (const { id, data, seed, final } of chosen) {
      expect(losslab("export", id.slice(0, 10), "--onnx", "models/a.onnx")).toMatchObject({ status: 0, stderr: "" });
      const { version: _, ...spec } = data as unknown as DataSpec & { version: string };
      const dataset = await loader(folder, {})(spec);
      const { training } = preparer(() => dataset)(spec, seed);
      const size = training.images.length / training.labels.length;
      const values = new Float32Array(training.test.length * size);
      for (const [i, from] of training.test.entries())
        values.set(training.images.subarray(from * size, (from + 1) * size), i * size);
      const session = await backend.session(readFileSync(join(folder, "models/a.onnx")), "seldom");
      const fed = { input: backend.tensor("float32", values, [training.test.length, ...dataset.shape]) };
      const logits = (await session.run(fed)).logits.data as Float32Array;
      await session.release();
      const confusion = final.test.confusion.map((row) => row.map(() => 0));
      training.test.forEach((from, i) => {
        const row = logits.subarray(i * 10, (i + 1) * 10);
        confusion[training.labels[from]][row.indexOf(Math.max(...row))]++;
      });
      expect(confusion).toEqual(final.test.confusion);
    }
  });

  test("safetensors hold the weights, and say whose they are", () => {
    const [{ id }] = trials;
    expect(losslab("export", id, "--safetensors", "weights.safetensors").status).toBe(0);
    const { tensors, metadata } = decodeSafetensors(readFileSync(join(folder, "weights.safetensors")));
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]))).toEqual({
      "dense1.weight": [12, 784],
      "dense1.bias": [12],
      "dense2.weight": [10, 12],
      "dense2.bias": [10],
    });
    expect(metadata).toMatchObject({ "losslab.trial": id, "losslab.epoch": "2" });
    expect(JSON.parse(metadata.classes)).toHaveLength(10);
  });
});

describe("a PyTorch script", () => {
  const python = pythonWith("torch", "numpy");
  if ("missing" in python) console.warn(`test/export.test.ts: the script is not run: ${python.missing}`);

  test.skipIf("missing" in python)("prints losslab's numbers beside its own, and they agree", () => {
    const { id } = trials.find(({ ema, loss }) => ema && "hinge" in loss)!;
    expect(losslab("export", id, "--pytorch", "script")).toMatchObject({ status: 0, stderr: "" });
    const args = [join(folder, "script", "train.py")];
    const { status, stdout, stderr } = spawnSync((python as { path: string }).path, args, { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("epoch"));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const pairs = [...line.matchAll(/([\d.]+) \(([\d.]+)\)/g)].map(([, own, known]) => [Number(own), Number(known)]);
      expect(pairs).toHaveLength(3);
      for (const [own, known] of pairs) expect(Math.abs(own - known)).toBeLessThan(1e-4 * known);
    }
  });

  test("is refused for data that are not here, or are no longer what they were", () => {
    writeFileSync(join(folder, "own.csv"), "a,b,label\n1,2,x\n2,1,y\n3,3,x\n0,1,y\n2,2,x\n5,1,y\n");
    const settings = ["--set", "data={ set: ./own.csv, test: 2, validation: 0 }", "--set", "batchSize=2"];
    expect(losslab("run", "small.yaml", ...settings, "--store", "own", "--no-report").status).toBe(0);
    const [{ id }] = JSON.parse(losslab("results", "--store", "own", "--json").stdout).trials;
    const script = (...more: string[]) => losslab("export", id, "--store", "own", "--pytorch", "own-script", ...more);
    expect(script()).toMatchObject({ status: 0 });
    expect(script("--data", "elsewhere")).toMatchObject({ status: 2, stderr: expect.stringContaining("own.csv") });
    writeFileSync(join(folder, "own.csv"), "a,b,label\n1,2,x\n2,1,y\n3,3,x\n0,1,y\n2,2,x\n5,2,y\n");
    expect(script()).toMatchObject({ status: 2, stderr: expect.stringContaining("has been changed") });
  });
});

test("a run is written in all its formats at once", () => {
  const { status, stdout } = losslab(
    ...["export", "small", "--csv", "out/epochs.csv", "--parquet", "out/epochs.parquet"],
    ...["--tensorboard", "out/logs", "--latex", "out/tables.tex", "--methods", "out/methods.tex"],
  );
  expect(status).toBe(0);
  expect(stdout).toContain("wrote 8 files below out/logs");
  const written = (name: string): string => readFileSync(join(folder, "out", name), "utf8");
  expect(written("epochs.csv").trim().split("\n")).toHaveLength(1 + trials.length * 2 * 3);
  expect(written("epochs.parquet").slice(0, 4)).toBe("PAR1");
  expect(written("tables.tex")).toContain("\\toprule");
  expect(written("methods.tex")).toContain("\\begin{thebibliography}");
});

test("mistakes are told with what might be meant", () => {
  const { status, stderr } = losslab("export", "nothing", "--onnx", "a.onnx");
  expect(status).toBe(2);
  expect(stderr).toContain('no trial "nothing" in this store');
  for (const { id } of trials) expect(stderr).toContain(id);
  expect(losslab("export", trials[0].id).stderr).toContain("nothing is to be written");
  expect(losslab("export", trials[0].id, "--onnx", "a", "--csv", "b").stderr).toContain("--onnx is of a trial");
});
