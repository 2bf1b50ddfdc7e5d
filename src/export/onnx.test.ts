/** Exported classifiers say what our evaluation says, in our runtime and in others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import onnxProto from "onnx-proto";
import { afterAll, describe, expect, it } from "vitest";
import { Evaluator } from "../run/evaluator.ts";
import { stored } from "../run/inputs.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { sizeOf } from "../tensor/index.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { type Drawn, drawnTrial, pythonWith, runPython, storedValues } from "./fixture.ts";
import { type OnnxInput, onnxClassifier } from "./onnx.ts";
import type { TrainedTrial } from "./trained-trial.ts";

const backend = nodeBackend();
/** More than any size that the models are written for, and no multiple of any. */
const EXAMPLES = 7;

const layer = (...layers: (string | object)[]): object => ({ layers: [...layers, "flatten", { dense: 3 }] });
const CASES: Record<string, Drawn> = {
  "a linear model of features": { model: "linear", shape: [5], classes: 3 },
  "a perceptron": { model: { mlp: [12, 7] }, activation: "tanh" },
  LeNet: { model: "lenet" },
  "a small VGG with normalization": {
    model: { cnn: { channels: [3, 5], dense: [8], batchNorm: true, dropout: 0.5 } },
    activation: "elu",
    shape: [3, 12, 10],
  },
  "a ResNet": { model: { resnet: { depth: 8, width: 4 } }, shape: [3, 16, 16] },
  "a ResNet with projections": {
    model: { resnet: { depth: 8, width: 3, shortcut: "projection" } },
    activation: "elu",
    shape: [3, 8, 8],
  },
  "mean pooling and layer normalization": {
    model: layer({ conv2d: { filters: 4, kernel: 3, groups: 2, dilation: 2 } }, "layerNorm", "activation", {
      avgPool: { kernel: 3, stride: 2, padding: 1, countPadding: false },
    }),
    activation: "hardswish",
    shape: [2, 11, 9],
    classes: 3,
  },
};
for (const activation of Object.keys(zoo.activations)) {
  CASES[`the activation ${activation}`] = { model: { mlp: [6] }, activation, shape: [4], classes: 3 };
}

interface Results {
  logits: number[];
  probabilities: number[];
}

/** What the trial's own evaluation makes of stored values. */
async function evaluated(trained: TrainedTrial, values: Float32Array): Promise<Results> {
  const { trial, state, inputs } = trained;
  const { shape, pixels, scale, offset, classNames } = inputs;
  const classes = classNames.length;
  const data = { shape, pixels, scale, offset, classes, classCounts: classNames.map(() => 1) };
  const evaluator = new Evaluator(
    backend,
    {
      model: choose("model", zoo.models, trial.model),
      activation: choose("activation", zoo.activations, trial.activation),
      loss: choose("loss", zoo.losses, trial.loss),
    },
    data,
    EXAMPLES,
  );
  const { logits } = await evaluator.outputs(state, stored(data, values, new Uint8Array(EXAMPLES)));
  await evaluator.release();
  const rows = Array.from({ length: EXAMPLES }, (_, i) => Array.from(logits.subarray(i * classes, (i + 1) * classes)));
  const probabilities = rows.flatMap((row) => {
    const odds = row.map((z) => Math.exp(z - Math.max(...row)));
    const total = odds.reduce((a, b) => a + b);
    return odds.map((o) => o / total);
  });
  return { logits: Array.from(logits), probabilities };
}

async function inOnnxruntime(model: Uint8Array, values: Float32Array, shape: readonly number[]): Promise<Results> {
  const session = await backend.session(model, "seldom");
  const out = await session.run({ input: backend.tensor("float32", values, [EXAMPLES, ...shape]) });
  await session.release();
  const numbers = (name: string): number[] => Array.from(out[name].data as Float32Array);
  return { logits: numbers("logits"), probabilities: numbers("probabilities") };
}

function expectNear(got: Results, wanted: Results, what: string): void {
  for (const output of ["logits", "probabilities"] as const) {
    const largest = Math.max(1, ...wanted[output].map(Math.abs));
    expect(got[output].length, what).toBe(wanted[output].length);
    wanted[output].forEach((value, i) => {
      expect(Math.abs(got[output][i] - value), `${what}: ${output}[${i}]`).toBeLessThan(2e-5 * largest);
    });
  }
}

const onnxPython = pythonWith("onnx");
const opencvPython = pythonWith("cv2", "numpy");
for (const [what, found] of Object.entries({ "by the checker of onnx": onnxPython, "in OpenCV": opencvPython })) {
  if ("missing" in found) console.warn(`src/export/onnx.test.ts: models are not tried ${what}: ${found.missing}`);
}

const folder = mkdtempSync(join(tmpdir(), "losslab-onnx-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe.each(Object.entries(CASES))("%s", (_, drawn) => {
  const trained = drawnTrial(drawn);
  const { shape, scale, offset } = trained.inputs;
  const values = storedValues(trained, EXAMPLES);

  it("gives what the trial's evaluation gives, from stored values and from scaled ones", async () => {
    const wanted = await evaluated(trained, values);
    const plane = sizeOf(shape) / scale.length;
    const scaled = values.map((v, i) => {
      const c = Math.floor(i / plane) % scale.length;
      return v * scale[c] + offset[c];
    });
    const fed: Record<OnnxInput, Float32Array> = { raw: values, scaled };
    for (const takes of ["raw", "scaled"] as const) {
      expectNear(await inOnnxruntime(onnxClassifier(trained, takes), fed[takes], shape), wanted, takes);
    }
  });
});

it("says where it comes from, what goes in and what comes out", () => {
  const trained = drawnTrial({ model: "linear", shape: [5], classes: 3 });
  const model = onnxProto.onnx.ModelProto.decode(onnxClassifier(trained));
  const metadata = Object.fromEntries(model.metadataProps!.map(({ key, value }) => [key, value]));
  expect(metadata).toMatchObject({ "losslab.trial": trained.trial.id, "losslab.epoch": "3", input: "raw" });
  expect(JSON.parse(metadata.classes!)).toEqual(["class 0", "class 1", "class 2"]);
  expect(JSON.parse(metadata.preprocessing!)).toMatchObject({ scale: trained.inputs.scale, shape: [5] });
  expect(JSON.parse(metadata["losslab.configuration"]!)).toMatchObject({ loss: trained.trial.loss, seed: 0 });
  expect(model.graph!.initializer!.map(({ name }) => name)).toContain("dense1.weight");
  expect(model.graph!.input!.map(({ name }) => name)).toEqual(["input"]);
  expect(model.graph!.output!.map(({ name }) => name)).toEqual(["logits", "probabilities"]);
  expect(
    model.graph!.node!.every(({ domain }) => !domain),
    "standard operators alone",
  ).toBe(true);
});

const CHECK = `
import json, sys, onnx
for path in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(path), full_check=True)
print(json.dumps(len(sys.argv) - 1))
`;
it.skipIf("missing" in onnxPython)("is accepted by the checker of Python's onnx", () => {
  const models = Object.values(CASES).map((drawn, i) => file(`checked${i}.onnx`, onnxClassifier(drawnTrial(drawn))));
  expect(runPython<number>((onnxPython as { path: string }).path, CHECK, models)).toBe(models.length);
});

const RUN = `
import json, sys, cv2, numpy
results = []
for given in sys.argv[1:]:
    given = json.loads(given)
    net = cv2.dnn.readNetFromONNX(given["model"])
    net.setInput(numpy.fromfile(given["values"], "float32").reshape(given["shape"]), "input")
    logits, probabilities = net.forward(["logits", "probabilities"])
    results.append({"logits": logits.ravel().tolist(), "probabilities": probabilities.ravel().tolist()})
print(json.dumps(results))
`;
it.skipIf("missing" in opencvPython)("gives the same in OpenCV", async () => {
  const names = ["a perceptron", "LeNet", "a small VGG with normalization", "a ResNet", "a ResNet with projections"];
  const all = names.map((name) => {
    const trained = drawnTrial(CASES[name]);
    const values = storedValues(trained, EXAMPLES);
    const given = {
      model: file(`${name}.onnx`, onnxClassifier(trained)),
      values: file(`${name}.values`, new Uint8Array(values.buffer)),
      shape: [EXAMPLES, ...trained.inputs.shape],
    };
    return { name, trained, values, given };
  });
  const args = all.map(({ given }) => JSON.stringify(given));
  const got = runPython<Results[]>((opencvPython as { path: string }).path, RUN, args);
  for (const [i, { name, trained, values }] of all.entries())
    expectNear(got[i], await evaluated(trained, values), name);
});
