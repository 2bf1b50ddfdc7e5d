/**
 * Scales a plane to another size, each axis by itself; proportions change where those of the sizes differ. Every new pixel is a mean of
 * the old ones about its place, weighted by a triangle that covers two old pixels, or two new ones where these are larger: linear
 * interpolation when enlarging, and no aliasing when reducing. Only arithmetic that is rounded exactly: every machine gets the same.
 * @param plane [height, width], 0 … 255
 * @returns [toHeight, toWidth]
 */
export function resize(
  plane: Uint8Array,
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Uint8Array {
  const columns = weights(width, toWidth);
  const rows = weights(height, toHeight);
  const narrowed = new Float64Array(height * toWidth);
  for (let y = 0; y < height; y++) {
    for (const [x, { first, shares }] of columns.entries()) {
      let sum = 0;
      for (let k = 0; k < shares.length; k++) sum += shares[k] * plane[y * width + first + k];
      narrowed[y * toWidth + x] = sum;
    }
  }
  const result = new Uint8Array(toHeight * toWidth);
  for (const [y, { first, shares }] of rows.entries()) {
    for (let x = 0; x < toWidth; x++) {
      let sum = 0;
      for (let k = 0; k < shares.length; k++) sum += shares[k] * narrowed[(first + k) * toWidth + x];
      result[y * toWidth + x] = Math.round(sum);
    }
  }
  return result;
}

/** For each of `to` places the old places that it is a mean of, from `first`, and their shares, which sum to 1. */
function weights(from: number, to: number): { first: number; shares: number[] }[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(from - 1, Math.ceil(centre + reach) - 1);
    const shares = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
    );
    const total = shares.reduce((a, b) => a + b, 0);
    return { first, shares: shares.map((share) => share / total) };
  });
}
