import { add, cast, constant, type Expr, equal, matmul, neg, reshape, sub, transpose } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { number } from "../entry.ts";
import { images } from "../layers/shapes.ts";
import { augmentation, drawnAt } from "./augmentation.ts";

/**
 * Images are padded with black and cropped to their size at a random place: shifted by up to `padding` pixels each way.
 * y_ij = x_(i+a)(j+b),   a, b uniform in -padding … padding; black outside. He et al., 2016, arXiv:1512.03385, section 4.2.
 */
export const crop = augmentation({
  name: "crop",
  title: "shifted crop",
  summary: "Images are padded with black and cropped to their size at a random place.",
  formula: "y_{ij} = x_{(i+a)(j+b)},\\; a, b \\sim U\\{-p, …, p\\}",
  reference: "He et al., 2016, arXiv:1512.03385, section 4.2",
  primary: "padding",
  params: { padding: number("p: pixels by which an image may be shifted", { default: 4, min: 1, integer: true }) },
  draws({ padding }) {
    const shift = (u: number): number => Math.floor(u * (2 * padding + 1)) - padding;
    return [shift, shift];
  },
  apply({ x, targets }, drawn, { padding }, { black }) {
    const count = x.shape[0];
    const [channels, height, width] = images(x.shape.slice(1));
    if (padding >= Math.min(height, width))
      throw new UserError(`padding ${padding} would shift images of ${height}×${width} out of sight`);
    // One row or column of a matrix with a single 1 picks the pixel that comes to a place; none picks black.
    const rows = reshape(transpose(sub(x, black), [0, 2, 1, 3]), [count, height, channels * width]);
    const shifted = matmul(picking(height, drawnAt(drawn, 0, 3)), rows);
    const back = transpose(reshape(shifted, [count, height, channels, width]), [0, 2, 1, 3]);
    const columns = reshape(back, [count, channels * height, width]);
    const both = matmul(columns, picking(width, neg(drawnAt(drawn, 1, 3))));
    return { x: add(reshape(both, x.shape), black), targets };
  },
});

/** [N, size, size]: 1 at row i and column i + shift. */
function picking(size: number, shift: Expr): Expr {
  const ahead = Array.from({ length: size * size }, (_, at) => (at % size) - Math.floor(at / size));
  return cast(equal(constant(ahead, [1, size, size]), shift), "float32");
}
