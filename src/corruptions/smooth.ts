import type { Image } from "./corruption.ts";

/** Weights of a Gaussian at whole distances, adding up to 1; cut off after four deviations. */
function weights(sigma: number): number[] {
  if (sigma === 0) return [1];
  const radius = Math.ceil(4 * sigma);
  const bell = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const sum = bell.reduce((a, b) => a + b, 0);
  return bell.map((w) => w / sum);
}

/** A place outside 0 … n-1 mirrored at the edge: d c b a | a b c d | d c b a. */
function mirrored(i: number, n: number): number {
  const turn = ((i % (2 * n)) + 2 * n) % (2 * n);
  return turn < n ? turn : 2 * n - 1 - turn;
}

/**
 * Every channel convolved with a Gaussian of deviation `sigma`, in pixels; mirrored at the edges, by which the mean is kept: as much
 * flows in as out.
 */
export function smoothed({ shape: [channels, height, width], values }: Image, sigma: number): Float64Array {
  const bell = weights(sigma);
  const radius = (bell.length - 1) / 2;
  const along = (from: ArrayLike<number>, lines: number, n: number, start: (line: number) => number, step: number) => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      const first = start(line);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (const [k, w] of bell.entries()) sum += w * from[first + step * mirrored(i + k - radius, n)];
        to[first + step * i] = sum;
      }
    }
    return to;
  };
  const rows = along(values, channels * height, width, (line) => line * width, 1);
  const columnStart = (line: number): number => Math.floor(line / width) * height * width + (line % width);
  return along(rows, channels * width, height, columnStart, width);
}
