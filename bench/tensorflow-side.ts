/**
 * The trainings of bench/tensorflow.ts in TensorFlow.js, one model after another, on the back end that the command line names.
 * Answers lines of standard input: {"case": …} loads what bench/epoch.ts wrote; {"steps": n, "tests": m, "trials": […]} trains each trial
 * for n steps from its first weights, evaluates it on m test examples, and tells the seconds and each trial's mean training loss.
 * Data lie in memory as the network sees them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

const CLASSES = 10;
const WARM_UP_STEPS = 5;

type Loss = (logits: tf.Tensor2D, targets: tf.Tensor2D) => tf.Tensor1D;

const activations: Record<string, (x: tf.Tensor2D) => tf.Tensor2D> = {
  selu: (x) => tf.selu(x),
  tanh: (x) => tf.tanh(x),
  hardswish: (x) => tf.div(tf.mul(x, tf.relu6(tf.add(x, 3))), 6),
};

const crossEntropy: Loss = (z, t) => tf.neg(tf.sum(tf.mul(t, tf.logSoftmax(z)), 1));
const losses: Record<string, (params: { delta?: number }) => Loss> = {
  ce: () => crossEntropy,
  kl: () => crossEntropy, // one-hot targets: the targets' entropy is 0
  hinge:
    ({ delta = 1 }) =>
    (z, t) => {
      const own = tf.sum(tf.mul(z, t), 1, true);
      return tf.sum(tf.mul(tf.relu(tf.add(tf.sub(z, own), delta)), tf.sub(1, t)), 1);
    },
};

interface Case {
  images: tf.Tensor2D;
  targets: tf.Tensor2D;
  weights: Float32Array;
  train: Int32Array;
  test: Int32Array;
  sizes: number[];
  batchSize: number;
  sgd: { lr: number; momentum: number; weight_decay: number };
}

const view = <T>(file: string, type: { new (buffer: ArrayBuffer): T }): T =>
  new type(Uint8Array.from(readFileSync(file)).buffer);

function load(
  said: Record<"images" | "labels" | "weights" | "train" | "test", string> & Record<string, unknown>,
): Case {
  const { scale, offset } = said as unknown as { scale: number; offset: number };
  const pixels = Float32Array.from(view(said.images, Uint8Array), (v) => v * scale + offset);
  const labels = Int32Array.from(view(said.labels, Uint8Array));
  const features = pixels.length / labels.length;
  const { hidden = [28] } = (said.params ?? {}) as { hidden?: number[] };
  return {
    images: tf.tensor2d(pixels, [labels.length, features]),
    targets: tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES), "float32") as tf.Tensor2D,
    weights: view(said.weights, Float32Array),
    train: view(said.train, Int32Array),
    test: view(said.test, Int32Array),
    sizes: [features, ...hidden, CLASSES],
    batchSize: said.batchSize as number,
    sgd: said.sgd as Case["sgd"],
  };
}

type Trial = readonly [loss: Record<string, { delta?: number }>, activation: string];

/** Trains and evaluates one trial; its mean training loss. */
async function train(data: Case, [loss, activation]: Trial, steps: number, tests: number): Promise<number> {
  const { images, targets, weights, sizes, batchSize, sgd } = data;
  const [[name, params]] = Object.entries(loss);
  const perExample = losses[name](params);
  let at = 0;
  // Each layer's weights, [outputs, inputs], and bias, in the order in which losslab lists them.
  const layers = sizes.slice(1).map((outputs, i) => {
    const take = (shape: number[]): tf.Variable => {
      const size = shape.reduce((a, b) => a * b);
      return tf.variable(tf.tensor(weights.slice(at, (at += size)), shape));
    };
    return { weight: take([outputs, sizes[i]]), bias: take([outputs]) };
  });
  const forward = (x: tf.Tensor2D): tf.Tensor2D =>
    layers.reduce<tf.Tensor2D>((input, { weight, bias }, i) => {
      const sum = tf.add(tf.matMul(input, weight as tf.Tensor as tf.Tensor2D, false, true), bias) as tf.Tensor2D;
      return i < layers.length - 1 ? activations[activation](sum) : sum;
    }, x);
  const variables = layers.flatMap(({ weight, bias }) => [weight, bias]);
  const optimizer = tf.train.momentum(sgd.lr, sgd.momentum);
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const batch = data.train.subarray(step * batchSize, (step + 1) * batchSize);
    const value = tf.tidy(() => {
      const indices = tf.tensor1d(batch, "int32");
      const [x, t] = [tf.gather(images, indices), tf.gather(targets, indices)];
      const { value, grads } = tf.variableGrads(() => tf.mean(perExample(forward(x), t)) as tf.Scalar, variables);
      const decayed = variables.map((v) => ({
        name: v.name,
        tensor: tf.add(grads[v.name], tf.mul(v, sgd.weight_decay)),
      }));
      optimizer.applyGradients(decayed);
      return value;
    });
    total += (await value.data())[0];
    value.dispose();
  }
  for (let first = 0; first < tests; first += 500) {
    const batch = data.test.subarray(first, Math.min(first + 500, tests));
    const measured = tf.tidy(() => {
      const indices = tf.tensor1d(batch, "int32");
      const logits = forward(tf.gather(images, indices));
      const t = tf.gather(targets, indices);
      const hits = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(t, 1)), "float32"));
      return tf.stack([tf.mean(perExample(logits, t)), hits]);
    });
    await measured.data();
    measured.dispose();
  }
  optimizer.dispose();
  tf.dispose(variables);
  return total / steps;
}

const require = createRequire(import.meta.url);
require("@tensorflow/tfjs-core/dist/register_all_gradients.js"); // the package's entry for Node.js leaves them out
setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), "/"));
tf.enableProdMode();
await tf.setBackend(process.argv[2]);
await tf.ready();
const answer = (value: object): void => console.log(JSON.stringify(value));
answer({ tensorflow: `TensorFlow.js ${tf.version_core}`, backend: tf.getBackend() });

let data: Case | undefined;
for await (const request of createInterface({ input: process.stdin })) {
  const said = JSON.parse(request) as {
    case?: Parameters<typeof load>[0];
    steps: number;
    tests: number;
    trials: Trial[];
  };
  if (said.case) {
    data = load(said.case);
    await train(data, said.trials[0], WARM_UP_STEPS, 0);
    answer({});
    continue;
  }
  const begun = performance.now();
  const losses: number[] = [];
  for (const trial of said.trials) losses.push(await train(data!, trial, said.steps, said.tests));
  answer({ seconds: (performance.now() - begun) / 1000, losses });
}
