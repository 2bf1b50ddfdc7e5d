import { z } from "zod";
import { flag, number } from "../entry.ts";
import { model } from "./model.ts";

/** Blocks of two 3×3 convolutions and a max pooling, then dense layers: a small VGG. Simonyan and Zisserman, 2015, arXiv:1409.1556. */
export const cnn = model({
  name: "cnn",
  title: "CNN",
  summary: "conv-conv-pool twice, then dense: a small VGG.",
  reference: "Simonyan and Zisserman, 2015, arXiv:1409.1556",
  primary: "channels",
  params: {
    channels: z.array(z.number().int().min(1)).min(1).default([32, 64]).describe("filters of the blocks' convolutions"),
    dense: z.array(z.number().int().min(1)).default([128]).describe("units of the dense layers before the last"),
    batchNorm: flag("normalize after each convolution"),
    dropout: number("probability of dropping a dense unit in training", { default: 0, min: 0, below: 1 }),
  },
  layers(_, classes, { channels, dense, batchNorm, dropout }) {
    // A normalization takes off what a bias adds; its gradient would be rounding alone, which Adam makes into full steps.
    const convolution = (filters: number) => [
      { conv2d: { filters, kernel: 3, padding: 1, bias: !batchNorm } },
      ...(batchNorm ? ["batchNorm"] : []),
      "activation",
    ];
    return [
      ...channels.flatMap((filters) => [...convolution(filters), ...convolution(filters), { maxPool: 2 }]),
      "flatten",
      ...dense.flatMap((units) => [{ dense: units }, "activation", ...(dropout > 0 ? [{ dropout }] : [])]),
      { dense: classes },
    ];
  },
});
