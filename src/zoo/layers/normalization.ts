import { add, div, type Expr, mul, reshape, type Shape, sizeOf, sqrt, square, sub, sum } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { type BuiltLayer, layer } from "./layer.ts";

const epsilon = number("ε: keeps the divisor from 0", { default: 1e-5, above: 0 });

const scaleAndShift = (shape: Shape): BuiltLayer["parameters"] => ({
  weight: { shape, fill: 1, role: "weight", fanIn: 1, fanOut: 1 },
  bias: { shape, fill: 0, role: "bias", fanIn: 1, fanOut: 1 },
});

const mean = (x: Expr, axes: readonly number[]): Expr =>
  mul(sum(x, axes, true), 1 / axes.reduce((n, axis) => n * x.shape[axis], 1));

/**
 * Each channel at mean 0 and variance 1 over the mini-batch, then scaled and shifted; outside training by running statistics.
 * The variance is biased for normalizing and unbiased in the running one, as in PyTorch. Ioffe and Szegedy, 2015, arXiv:1502.03167.
 */
export const batchNorm = layer({
  name: "batchNorm",
  title: "batchNorm",
  summary: "Each channel at mean 0 and variance 1 over the mini-batch.",
  reference: "Ioffe and Szegedy, 2015, arXiv:1502.03167, algorithm 1",
  params: {
    epsilon,
    momentum: number("part of the batch's statistics in the running ones", { default: 0.1, above: 0, max: 1 }),
  },
  build(input, { epsilon, momentum }) {
    const channels = input[0];
    const axes = [0, ...input.slice(1).map((_, i) => i + 2)];
    const column = [1, channels, ...input.slice(1).map(() => 1)];
    return {
      output: input,
      parameters: scaleAndShift([channels]),
      buffers: { mean: { shape: [channels], fill: 0 }, variance: { shape: [channels], fill: 1 } },
      apply(x, tensors, { training }) {
        const wide = (name: string): Expr => reshape(tensors[name], column);
        const scaled = (centred: Expr, variance: Expr): Expr =>
          add(mul(centred, div(wide("weight"), sqrt(add(variance, epsilon)))), wide("bias"));
        if (!training) return scaled(sub(x, wide("mean")), wide("variance"));
        const m = mean(x, axes);
        const centred = sub(x, m);
        const variance = mean(square(centred), axes);
        const n = x.shape[0] * sizeOf(input.slice(1));
        const mix = (old: Expr, now: Expr): Expr =>
          add(mul(old, 1 - momentum), mul(reshape(now, [channels]), momentum));
        return {
          y: scaled(centred, variance),
          buffers: {
            mean: mix(tensors.mean, m),
            variance: mix(tensors.variance, mul(variance, n / Math.max(1, n - 1))),
          },
        };
      },
    };
  },
});

/** Each example at mean 0 and variance 1 over all its values, then scaled and shifted. Ba et al., 2016, arXiv:1607.06450. */
export const layerNorm = layer({
  name: "layerNorm",
  title: "layerNorm",
  summary: "Each example at mean 0 and variance 1.",
  reference: "Ba et al., 2016, arXiv:1607.06450, eq. 4",
  params: { epsilon },
  build: (input, { epsilon }) => ({
    output: input,
    parameters: scaleAndShift(input),
    products: sizeOf(input), // each weight has one place of its own
    apply(x, { weight, bias }) {
      const axes = input.map((_, i) => i + 1);
      const centred = sub(x, mean(x, axes));
      return add(mul(div(centred, sqrt(add(mean(square(centred), axes), epsilon))), weight), bias);
    },
  }),
});
