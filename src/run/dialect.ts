/** Finds out what a runtime offers on this machine beyond the standard's operators, by trying it against them. */
import { type Dialect, emit } from "../onnx/emit.ts";
import { conv2d, type Expr, grad, input, mul, sum } from "../tensor/index.ts";
import type { Backend } from "./backend.ts";

/** Channels in a block, by the width of the processor's vectors: AVX-512, then AVX2 and NEON. */
const CANDIDATES = [16, 8];
/** Float32 sums in another order agree to this; a layout taken for another does not. */
const AGREE = 1e-3;

const CHANNELS = 16;
const SIDE = 5;
const images = [CHANNELS, CHANNELS, SIDE, SIDE];
const filters = [CHANNELS, CHANNELS, 3, 3];

/** A convolution and both of its gradients. */
function sample(): Record<string, Expr> {
  const [x, w] = [input("x", images), input("w", filters)];
  const attributes = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
  const y = conv2d(x, w, attributes);
  const [dx, dw] = grad(sum(mul(y, input("g", images))), [x, w]);
  return { y, dx, dw };
}

async function results(backend: Backend, dialect: Dialect): Promise<Float32Array[]> {
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

/** The dialect whose results are those of the standard's operators; none where the runtime refuses them all. */
export async function dialectOf(backend: Backend): Promise<Dialect> {
  const standard = await results(backend, {});
  for (const channelBlock of CANDIDATES) {
    try {
      const own = await results(backend, { channelBlock });
      const agrees = own.every((values, i) => values.every((v, at) => Math.abs(v - standard[i][at]) < AGREE));
      if (agrees) return { channelBlock };
    } catch {
      // A runtime without these operators says so; the standard's serve.
      return {};
    }
  }
  return {};
}
