import {
  constant,
  conv2d,
  convolvedSize,
  filled,
  maxPool as largest,
  mul,
  reshape,
  type Shape,
  sum,
} from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { flag, number } from "../entry.ts";
import { layer } from "./layer.ts";
import { images } from "./shapes.ts";

const params = {
  kernel: number("side of the window", { default: 2, min: 1, integer: true }),
  stride: number("pixels from one window to the next; 0: the window's side", { default: 0, min: 0, integer: true }),
  padding: number("pixels around the image that belong to windows", { default: 0, min: 0, integer: true }),
};

function pooledShape(input: Shape, kernel: number, stride: number, padding: number): number[] {
  const [channels, ...size] = images(input);
  if (padding > kernel / 2) throw new UserError(`padding ${padding} is more than half the window ${kernel}`);
  const pooled = size.map((n) => convolvedSize(n, kernel, stride, padding));
  if (pooled.some((n) => n < 1)) throw new UserError(`a window of ${kernel} does not fit in ${size.join("×")}`);
  return [channels, ...pooled];
}

/** Largest value of each window. */
export const maxPool = layer({
  name: "maxPool",
  title: "maxPool",
  summary: "Largest value of each window.",
  primary: "kernel",
  params,
  build(input, { kernel, stride, padding }) {
    const by = stride || kernel;
    const attributes = { kernel: [kernel, kernel], stride: [by, by], padding: [padding, padding] } as const;
    return {
      output: pooledShape(input, kernel, by, padding),
      selects: true,
      apply: (x) => largest(x, attributes),
    };
  },
});

/** Mean of each window: a convolution of every channel with a constant. */
export const avgPool = layer({
  name: "avgPool",
  title: "avgPool",
  summary: "Mean of each window.",
  primary: "kernel",
  params: { ...params, countPadding: flag("count the padding's zeros in the mean", true) },
  build(input, { kernel, stride, padding, countPadding }) {
    const by = stride || kernel;
    const [channels, height, width] = pooledShape(input, kernel, by, padding);
    const attributes = { stride: [by, by], padding: [padding, padding], dilation: [1, 1], groups: 1 } as const;
    const inside = (at: number, size: number): number =>
      Math.min(at * by - padding + kernel, size) - Math.max(at * by - padding, 0);
    const share = constant(
      Float64Array.from({ length: height * width }, (_, i) =>
        countPadding ? 1 / kernel ** 2 : 1 / (inside(Math.floor(i / width), input[1]) * inside(i % width, input[2])),
      ),
      [1, 1, height, width],
    );
    const ones = filled([1, 1, kernel, kernel], 1);
    return {
      output: [channels, height, width],
      apply(x) {
        const n = x.shape[0];
        const single = reshape(x, [n * channels, 1, input[1], input[2]]);
        return reshape(mul(conv2d(single, ones, attributes), share), [n, channels, height, width]);
      },
    };
  },
});

/** Mean of each channel over all pixels. */
export const globalAvgPool = layer({
  name: "globalAvgPool",
  title: "globalAvgPool",
  summary: "Mean of each channel over all pixels.",
  params: {},
  build(input) {
    const [channels, height, width] = images(input);
    return { output: [channels], apply: (x) => mul(sum(x, [2, 3]), 1 / (height * width)) };
  },
});
