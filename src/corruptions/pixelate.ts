import { corruption, drawn } from "./corruption.ts";

/** Which pixels each of n blocks covers along an axis, and what share of the block each of them is. */
function coverage(size: number, blocks: number): { pixel: number; share: number }[][] {
  const length = size / blocks;
  return Array.from({ length: blocks }, (_, b) =>
    Array.from({ length: size }, (_, pixel) => ({
      pixel,
      share: (Math.min((b + 1) * length, pixel + 1) - Math.max(b * length, pixel)) / length,
    })).filter(({ share }) => share > 1e-9),
  );
}

/**
 * Fewer, larger pixels: the image is divided into blocks of equal size, and each pixel becomes the mean of the block that holds its
 * centre; pixels on a border belong to the blocks on both sides in proportion. The mean is kept where blocks are whole pixels.
 */
export const pixelate = corruption({
  name: "pixelate",
  title: "pixelate",
  summary: "Averages over blocks larger than pixels.",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261",
  strength: "share of the resolution that is lost",
  strengths: [0.2, 0.35, 0.45, 0.55, 0.65],
  apply(image, lost) {
    const {
      shape: [, height, width],
      values,
    } = image;
    const blocks = (size: number): number => Math.max(1, Math.round(size * (1 - lost)));
    const [rows, columns] = [coverage(height, blocks(height)), coverage(width, blocks(width))];
    const blockOf = (i: number, size: number, blocks: number): number => Math.floor(((i + 0.5) * blocks) / size);
    const mean = (c: number, row: number, column: number): number => {
      let sum = 0;
      for (const y of rows[row])
        for (const x of columns[column]) sum += y.share * x.share * values[(c * height + y.pixel) * width + x.pixel];
      return sum;
    };
    return drawn(image, (c, y, x) => mean(c, blockOf(y, height, rows.length), blockOf(x, width, columns.length)));
  },
});
