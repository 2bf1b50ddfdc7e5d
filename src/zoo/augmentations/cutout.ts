import { abs, constant, type Expr, greater, maximum, sub, where } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { number } from "../entry.ts";
import { images } from "../layers/shapes.ts";
import { augmentation, drawnAt } from "./augmentation.ts";

/**
 * A square of each image becomes 0, in the scale of the network: black with `scale: unit`, the mean with `standardize`. Its centre is
 * any pixel, so part of it may lie outside. DeVries and Taylor, 2017, arXiv:1708.04552.
 */
export const cutout = augmentation({
  name: "cutout",
  title: "cutout",
  summary: "A square of each image, at a random place, becomes 0.",
  reference: "DeVries and Taylor, 2017, arXiv:1708.04552",
  primary: "size",
  params: { size: number("side of the square, in pixels", { default: 8, min: 1, integer: true }) },
  draws(_, shape) {
    const place = (side: number) => (u: number) => Math.floor(u * side);
    const [, height, width] = shape;
    return [place(height), place(width)];
  },
  apply({ x, targets }, drawn, { size }) {
    const [, height, width] = images(x.shape.slice(1));
    if (size > Math.min(height, width)) {
      throw new UserError(`a square of ${size} pixels does not fit into images of ${height}×${width}`);
    }
    const middle = size % 2 === 0 ? 0.5 : 0; // an even square lies before its centre
    const beside = (side: number, shape: number[], place: number): Expr => {
      const pixels = Array.from({ length: side }, (_, i) => i + middle);
      return abs(sub(constant(pixels, shape), drawnAt(drawn, place, 4)));
    };
    const distance = maximum(beside(height, [1, 1, height, 1], 0), beside(width, [1, 1, 1, width], 1));
    return { x: where(greater(size / 2, distance), 0, x), targets };
  },
});
