import { conv2d as convolve, convolvedSize } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { flag, number, requiredNumber } from "../entry.ts";
import { layer, type ParameterShape } from "./layer.ts";
import { images } from "./shapes.ts";

/** Cross-correlation with square filters.   x [N,C,H,W], weight [filters, C/groups, k, k], bias [filters] */
export const conv2d = layer({
  name: "conv2d",
  title: "conv2d",
  summary: "Cross-correlation with square filters.",
  primary: "filters",
  params: {
    filters: requiredNumber("number of output channels", { min: 1, integer: true }),
    kernel: number("side of the filters", { default: 3, min: 1, integer: true }),
    stride: number("pixels from one place to the next", { default: 1, min: 1, integer: true }),
    padding: number("zeros around the image", { default: 0, min: 0, integer: true }),
    dilation: number("pixels between the filter's taps", { default: 1, min: 1, integer: true }),
    groups: number("groups of channels that do not mix", { default: 1, min: 1, integer: true }),
    bias: flag("add a bias", true),
  },
  build(input, { filters, kernel, stride, padding, dilation, groups, bias }) {
    const [channels, height, width] = images(input);
    if (channels % groups || filters % groups) {
      throw new UserError(`${groups} groups do not divide both ${channels} channels and ${filters} filters`);
    }
    const size = [height, width].map((n) => convolvedSize(n, kernel, stride, padding, dilation));
    if (size[0] < 1 || size[1] < 1) throw new UserError(`filters of ${kernel} do not fit in ${height}×${width}`);
    const perGroup = channels / groups;
    const fans = { fanIn: perGroup * kernel ** 2, fanOut: (filters / groups) * kernel ** 2 };
    const parameters: Record<string, ParameterShape> = {
      weight: { shape: [filters, perGroup, kernel, kernel], role: "weight", ...fans },
    };
    if (bias) parameters.bias = { shape: [filters], role: "bias", ...fans };
    const attributes = {
      stride: [stride, stride],
      padding: [padding, padding],
      dilation: [dilation, dilation],
      groups,
    } as const;
    return {
      output: [filters, ...size],
      parameters,
      apply: (x, { weight, bias }) => convolve(x, weight, attributes, bias),
    };
  },
});
