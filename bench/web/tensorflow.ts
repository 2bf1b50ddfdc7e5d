import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { BATCH, examples, LEARNING_RATES, MOMENTUM, SIZES, type Turn } from "./work.ts";

setWasmPaths({
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": threaded,
});

const WARM_UP_STEPS = 10;

/** One model on a back end: so many steps, images in memory as the network sees them. */
export async function turn(backend: string, steps: number): Promise<Turn | { problem: string }> {
  if (!(await tf.setBackend(backend).catch(() => false))) return { problem: "not available here" };
  await tf.ready();
  tf.enableProdMode();
  const { images, labels } = examples();
  const count = (steps + WARM_UP_STEPS) * BATCH; // only what is used, so that no back end pages
  const x = tf.tensor2d(
    Float32Array.from(images.subarray(0, count * SIZES[0]), (v) => v / 255),
    [count, SIZES[0]],
  );
  const t = tf.tidy(() =>
    tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(0, count)), "int32"), 10), "float32"),
  );
  const variables = SIZES.slice(1).flatMap((outputs, i) => [
    tf.variable(tf.randomUniform([SIZES[i], outputs], -0.05, 0.05, "float32", 1)),
    tf.variable(tf.zeros([outputs])),
  ]);
  const [w1, b1, w2, b2] = variables as tf.Tensor2D[];
  const optimizer = tf.train.momentum(LEARNING_RATES[0], MOMENTUM);
  let total = 0;
  let begun = 0;
  for (let step = -WARM_UP_STEPS; step < steps; step++) {
    if (step === 0) begun = performance.now();
    const places = Int32Array.from({ length: BATCH }, (_, i) => (step + WARM_UP_STEPS) * BATCH + i);
    const value = tf.tidy(() => {
      const indices = tf.tensor1d(places, "int32");
      const [batch, wanted] = [tf.gather(x, indices), tf.gather(t, indices)];
      const { value, grads } = tf.variableGrads(() => {
        const hidden = tf.relu(tf.add(tf.matMul(batch, w1), b1)) as tf.Tensor2D;
        const logits = tf.add(tf.matMul(hidden, w2), b2);
        return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1))) as tf.Scalar;
      }, variables);
      optimizer.applyGradients(grads as tf.NamedVariableMap);
      return value;
    });
    total += (await value.data())[0];
    value.dispose();
  }
  const seconds = (performance.now() - begun) / 1000;
  optimizer.dispose();
  tf.dispose([x, t, ...variables]);
  return { microseconds: (1e6 * seconds) / steps, loss: total / (steps + WARM_UP_STEPS) };
}

export const version = tf.version_core;
