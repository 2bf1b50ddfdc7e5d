/** Two-dimensional convolution (cross-correlation, as everywhere in this field) and its two gradients. */
import { apply, type Batched, type Expr, type Op, type Shape, ShapeError, sizeOf } from "../expr.ts";
import { type ConvAttributes, convolvedSize, onnxAttributes } from "./conv-attributes.ts";
import { forwardInBlocks, inputGradientInBlocks, weightGradientInBlocks } from "./conv-blocks.ts";
import { sum } from "./reduce.ts";
import { axisAt, repeat, reshape } from "./shape.ts";

/** Calls `visit` for every product of a convolution: positions in x, w and y. */
function products(
  x: Shape,
  w: Shape,
  y: Shape,
  { stride, padding, dilation, groups }: ConvAttributes,
  visit: (atX: number, atW: number, atY: number) => void,
): void {
  const [batch, channels, height, width] = x;
  const [outputs, perGroup, kh, kw] = w;
  const [, , oh, ow] = y;
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const first = Math.floor(o / (outputs / groups)) * perGroup;
      for (let c = 0; c < perGroup; c++) {
        for (let i = 0; i < kh; i++) {
          for (let j = 0; j < kw; j++) {
            const atW = ((o * perGroup + c) * kh + i) * kw + j;
            for (let u = 0; u < oh; u++) {
              const row = u * stride[0] + i * dilation[0] - padding[0];
              if (row < 0 || row >= height) continue;
              for (let v = 0; v < ow; v++) {
                const col = v * stride[1] + j * dilation[1] - padding[1];
                if (col < 0 || col >= width) continue;
                const atX = ((n * channels + first + c) * height + row) * width + col;
                visit(atX, atW, ((n * outputs + o) * oh + u) * ow + v);
              }
            }
          }
        }
      }
    }
  }
}

/** [N, C, H, W] of one trial in a batched value, with the trials' channels side by side: [N, T·C, H, W]. */
function channelsMerged(x: Batched, size: number): Expr {
  const own = x.axis === null ? repeat(x.expr, 1, size) : axisAt(x, 1);
  const [n, t, c, h, w] = own.shape;
  return reshape(own, [n, t * c, h, w]);
}

/** Filters [O, I, kh, kw] of all trials one after the other: [T·O, I, kh, kw]. */
function filtersMerged(w: Batched, size: number): Expr {
  const own = w.axis === null ? repeat(w.expr, 0, size) : axisAt(w, 0);
  const [t, o, i, kh, kw] = own.shape;
  return reshape(own, [t * o, i, kh, kw]);
}

const splitChannels = (y: Expr, size: number): Batched => {
  const [n, c, h, w] = y.shape;
  return { expr: reshape(y, [n, size, c / size, h, w]), axis: 1 };
};

const splitFilters = (w: Expr, size: number): Batched => {
  const [o, ...rest] = w.shape;
  return { expr: reshape(w, [size, o / size, ...rest]), axis: 0 };
};

const convOp: Op<ConvAttributes> = {
  name: "conv2d",
  type(inputs, { stride, padding, dilation, groups }) {
    const [x, w, bias] = inputs;
    if (x.shape.length !== 4 || w.shape.length !== 4) {
      throw new ShapeError("conv2d", inputs, "needs images [N,C,H,W] and filters [O,C/groups,kh,kw]");
    }
    const [n, c, h, width] = x.shape;
    const [o, i, kh, kw] = w.shape;
    if (c !== i * groups || o % groups !== 0) {
      throw new ShapeError(
        "conv2d",
        inputs,
        `${c} channels, ${o} filters of ${i} channels and ${groups} groups do not fit`,
      );
    }
    if (bias && String(bias.shape) !== String([o])) throw new ShapeError("conv2d", inputs, `the bias must be [${o}]`);
    const oh = convolvedSize(h, kh, stride[0], padding[0], dilation[0]);
    const ow = convolvedSize(width, kw, stride[1], padding[1], dilation[1]);
    if (oh < 1 || ow < 1) throw new ShapeError("conv2d", inputs, "the images are smaller than the filters");
    return { shape: [n, o, oh, ow], dtype: "float32" };
  },
  vjp(y, g) {
    const [x, w] = y.inputs;
    const grads = [convInputGradient(g, w, x.shape, y.attrs), convWeightGradient(x, g, w.shape, y.attrs)];
    return y.inputs.length === 3 ? [...grads, sum(g, [0, 2, 3])] : grads;
  },
  batch([x, w, bias], attrs, size) {
    const b = bias && reshape(bias.axis === null ? repeat(bias.expr, 0, size) : axisAt(bias, 0), [-1]);
    if (w.axis === null && (!bias || bias.axis === null) && x.axis !== null) {
      const own = axisAt(x, 0); // the same filters for all trials: more images
      const y = conv2d(reshape(own, [own.shape[0] * own.shape[1], ...own.shape.slice(2)]), w.expr, attrs, bias?.expr);
      return { expr: reshape(y, [size, y.shape[0] / size, ...y.shape.slice(1)]), axis: 0 };
    }
    if (x.axis === null && attrs.groups === 1) {
      return splitChannels(conv2d(x.expr, filtersMerged(w, size), attrs, b), size); // the same images: more filters
    }
    const grouped = { ...attrs, groups: attrs.groups * size };
    return splitChannels(conv2d(channelsMerged(x, size), filtersMerged(w, size), grouped, b), size);
  },
  onnx: (e, inputs, y) =>
    forwardInBlocks(e, inputs, y) ?? e.node("Conv", inputs, onnxAttributes(y.attrs, y.inputs[1].shape)),
  eval([x, w, bias], y) {
    const [, o, h, width] = y.shape;
    const result = new Float64Array(sizeOf(y.shape));
    if (bias)
      result.forEach((_, i) => {
        result[i] = bias[Math.floor(i / (h * width)) % o];
      });
    products(y.inputs[0].shape, y.inputs[1].shape, y.shape, y.attrs, (atX, atW, atY) => {
      result[atY] += x[atX] * w[atW];
    });
    return result;
  },
};

const inputGradientOp: Op<ConvAttributes & { shape: Shape }> = {
  name: "conv2d input gradient",
  type: (_, { shape }) => ({ shape, dtype: "float32" }),
  vjp(y, u) {
    const [g, w] = y.inputs;
    return [conv2d(u, w, y.attrs), convWeightGradient(u, g, w.shape, y.attrs)];
  },
  batch([g, w], { shape, ...attrs }, size) {
    const [n, c, h, width] = shape;
    const grouped = { ...attrs, groups: attrs.groups * size };
    const wide = [n, size * c, h, width];
    return splitChannels(convInputGradient(channelsMerged(g, size), filtersMerged(w, size), wide, grouped), size);
  },
  onnx(e, inputs, y) {
    const inBlocks = inputGradientInBlocks(e, inputs, y);
    if (inBlocks) return inBlocks;
    const attrs: ConvAttributes = y.attrs;
    const kernel = y.inputs[1].shape;
    const rest = [0, 1].map((i) => {
      const covered = (y.inputs[0].shape[i + 2] - 1) * attrs.stride[i] + attrs.dilation[i] * (kernel[i + 2] - 1) + 1;
      return y.shape[i + 2] - (covered - 2 * attrs.padding[i]);
    });
    return e.node("ConvTranspose", inputs, { ...onnxAttributes(attrs, kernel), output_padding: { ints: rest } });
  },
  eval([g, w], y) {
    const result = new Float64Array(sizeOf(y.shape));
    products(y.shape, y.inputs[1].shape, y.inputs[0].shape, y.attrs, (atX, atW, atY) => {
      result[atX] += g[atY] * w[atW];
    });
    return result;
  },
};

const weightGradientOp: Op<ConvAttributes & { shape: Shape }> = {
  name: "conv2d weight gradient",
  type: (_, { shape }) => ({ shape, dtype: "float32" }),
  vjp(y, u) {
    const [x, g] = y.inputs;
    return [convInputGradient(g, u, x.shape, y.attrs), conv2d(x, u, y.attrs)];
  },
  batch([x, g], { shape, ...attrs }, size) {
    const [o, i, kh, kw] = shape;
    const wide = [size * o, i, kh, kw];
    if (x.axis === null && attrs.groups === 1) {
      return splitFilters(convWeightGradient(x.expr, channelsMerged(g, size), wide, attrs), size);
    }
    const grouped = { ...attrs, groups: attrs.groups * size };
    return splitFilters(convWeightGradient(channelsMerged(x, size), channelsMerged(g, size), wide, grouped), size);
  },
  /**
   * A convolution again: the images as filters' input with channels and samples exchanged, the output gradient as filters.
   * x [N, G·I, H, W] becomes [I, G·N, H, W]; g [N, O, h, w] becomes [O, N, h, w]; the result [I, O, kh, kw] is transposed.
   */
  onnx(e, [x, g], y) {
    const inBlocks = weightGradientInBlocks(e, [x, g], y);
    if (inBlocks) return inBlocks;
    const { stride, padding, dilation, groups }: ConvAttributes = y.attrs;
    const [n, channels, h, w] = y.inputs[0].shape;
    const [, , kh, kw] = y.shape;
    let images = x;
    if (groups > 1) images = e.node("Reshape", [x, e.ints([n, groups, channels / groups, h * w])]);
    images = e.node("Transpose", [images], { perm: { ints: groups > 1 ? [2, 1, 0, 3] : [1, 0, 2, 3] } });
    if (groups > 1) images = e.node("Reshape", [images, e.ints([channels / groups, groups * n, h, w])]);
    const filters = e.node("Transpose", [g], { perm: { ints: [1, 0, 2, 3] } });
    const swapped = { stride: dilation, padding, dilation: stride, groups };
    let result = e.node("Conv", [images, filters], onnxAttributes(swapped, y.inputs[1].shape));
    // With strides the filters may reach further than the kernel does.
    const reach = [0, 1].map((i) => {
      const size = [h, w][i];
      return convolvedSize(size, y.inputs[1].shape[i + 2], dilation[i], padding[i], stride[i]);
    });
    if (reach[0] !== kh || reach[1] !== kw) {
      result = e.node("Slice", [result, e.ints([0, 0]), e.ints([kh, kw]), e.ints([2, 3])]);
    }
    return e.node("Transpose", [result], { perm: { ints: [1, 0, 2, 3] } });
  },
  eval([x, g], y) {
    const result = new Float64Array(sizeOf(y.shape));
    products(y.inputs[0].shape, y.shape, y.inputs[1].shape, y.attrs, (atX, atW, atY) => {
      result[atW] += x[atX] * g[atY];
    });
    return result;
  },
};

const pick = ({ stride, padding, dilation, groups }: ConvAttributes): ConvAttributes => ({
  stride,
  padding,
  dilation,
  groups,
});

/** Images x [N,C,H,W], filters w [O,C/groups,kh,kw] and bias [O] to [N,O,H',W']. */
export function conv2d(x: Expr, w: Expr, attrs: ConvAttributes, bias?: Expr): Expr {
  return apply(convOp, bias ? [x, w, bias] : [x, w], pick(attrs));
}

/** Gradient of a convolution for its images, whose shape is given. */
export const convInputGradient = (g: Expr, w: Expr, shape: Shape, attrs: ConvAttributes): Expr =>
  apply(inputGradientOp, [g, w], { ...pick(attrs), shape });

/** Gradient of a convolution for its filters, whose shape is given. */
export const convWeightGradient = (x: Expr, g: Expr, shape: Shape, attrs: ConvAttributes): Expr =>
  apply(weightGradientOp, [x, g], { ...pick(attrs), shape });
