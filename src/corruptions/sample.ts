import { drawn, type Image } from "./corruption.ts";

/**
 * The image seen through a map of places: each pixel takes the value at (x, y) = from(x, y), bilinear between pixels. What lies outside
 * continues the edge, so that no black border tells the network what was done.
 */
export function sampled(image: Image, from: (x: number, y: number) => readonly [x: number, y: number]): Float64Array {
  const {
    shape: [, height, width],
    values,
  } = image;
  const within = (v: number, size: number): number => Math.max(0, Math.min(size - 1, v));
  return drawn(image, (c, toY, toX) => {
    const [fromX, fromY] = from(toX, toY);
    const [x, y] = [within(fromX, width), within(fromY, height)];
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(x0 + 1, width - 1), Math.min(y0 + 1, height - 1)];
    const at = (row: number, column: number): number => values[(c * height + row) * width + column];
    const [right, down] = [x - x0, y - y0];
    const above = at(y0, x0) + right * (at(y0, x1) - at(y0, x0));
    const below = at(y1, x0) + right * (at(y1, x1) - at(y1, x0));
    return above + down * (below - above);
  });
}
