/** A small graph by which a runtime is tried: a convolution and both of its gradients. */
import { type Dialect, emit } from "../onnx/emit.ts";
import { conv2d, type Expr, grad, input, mul, sum } from "../tensor/index.ts";
import type { Backend } from "./backend.ts";

/** Float32 sums in another order agree to this; a layout taken for another, or products in half precision, do not. */
const AGREE = 1e-3;

const CHANNELS = 16;
const SIDE = 5;
const images = [CHANNELS, CHANNELS, SIDE, SIDE];
const filters = [CHANNELS, CHANNELS, 3, 3];

function sample(): Record<string, Expr> {
  const [x, w] = [input("x", images), input("w", filters)];
  const attributes = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
  const y = conv2d(x, w, attributes);
  const [dx, dw] = grad(sum(mul(y, input("g", images))), [x, w]);
  return { y, dx, dw };
}

/** The sample's results. */
export async function trySample(backend: Backend, dialect: Dialect = {}): Promise<Float32Array[]> {
  const { bytes, inputs, outputs } = emit(sample(), "sample", dialect);
  const session = await backend.session(bytes, "seldom");
  const feeds = Object.entries(inputs).map(([name, { shape }]) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.7));
    return [name, backend.tensor("float32", values, shape)] as const;
  });
  const out = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.keys(outputs).map((name) => out[name].data as Float32Array);
}

export const agree = (a: readonly Float32Array[], b: readonly Float32Array[]): boolean =>
  a.every((values, i) => values.every((v, at) => Math.abs(v - b[i][at]) < AGREE));
