import { choice, number } from "../entry.ts";
import { type LayerSpec, model } from "./model.ts";

/**
 * Residual network for small images: a 3×3 convolution, three stages of n blocks with two 3×3 convolutions each, the filters doubled
 * and the image halved from stage to stage, then the mean over the pixels and a dense layer; 6n + 2 layers with weights.
 * He et al., 2016, arXiv:1512.03385, section 4.2.
 */
export const resnet = model({
  name: "resnet",
  title: "ResNet",
  summary: "Residual network for small images, of 8, 14, 20, … layers.",
  reference: "He et al., 2016, arXiv:1512.03385, section 4.2",
  primary: "depth",
  params: {
    depth: number("layers with weights: 6n + 2 for n blocks in each stage", {
      default: 8,
      min: 8,
      integer: true,
    }).refine((depth) => depth % 6 === 2, { error: "must be 6n + 2, such as 8, 14, 20, 32" }),
    width: number("filters of the first stage; twice as many in the second, four times in the third", {
      default: 16,
      min: 1,
      integer: true,
    }),
    shortcut: choice("where the shape changes: zeros in the new channels (option A), or a 1×1 convolution (option B)", [
      "pad",
      "projection",
    ]),
  },
  layers(_, classes, { depth, width, shortcut }) {
    // A normalization takes off what a bias adds.
    const convolution = (filters: number, stride: number, kernel = 3): LayerSpec[] => [
      { conv2d: { filters, kernel, stride, padding: (kernel - 1) / 2, bias: false } },
      "batchNorm",
    ];
    const change: Record<typeof shortcut, (filters: number) => LayerSpec[]> = {
      pad: (filters) => [{ maxPool: { kernel: 1, stride: 2 } }, { padChannels: filters }], // every other pixel
      projection: (filters) => convolution(filters, 2, 1),
    };
    const block = (filters: number, stride: number): LayerSpec[] => [
      {
        residual: {
          layers: [...convolution(filters, stride), "activation", ...convolution(filters, 1)],
          shortcut: stride === 1 ? [] : change[shortcut](filters),
        },
      },
      "activation",
    ];
    const stage = (filters: number, stride: number): LayerSpec[] =>
      Array.from({ length: (depth - 2) / 6 }, (_, i) => block(filters, i === 0 ? stride : 1)).flat();
    return [
      ...convolution(width, 1),
      "activation",
      ...stage(width, 1),
      ...stage(2 * width, 2),
      ...stage(4 * width, 2),
      "globalAvgPool",
      { dense: classes },
    ];
  },
});
