import { corruption, mapValues } from "./corruption.ts";

/**
 * Uniform noise of the same deviation as the Gaussian noise of equal severity: what the shape of a distribution does.
 *
 *     x' = x + √3 σ u,   u ~ U(-1, 1) for every value
 */
export const uniformNoise = corruption({
  name: "uniformNoise",
  title: "uniform noise",
  summary: "Adds uniform noise of deviation σ to every value.",
  formula: "x + \\sqrt3\\,\\sigma u,\\; u \\sim U(-1, 1)",
  reference: "Geirhos et al., 2018, arXiv:1808.08750",
  strength: "σ",
  strengths: [0.04, 0.07, 0.11, 0.17, 0.25],
  apply: (image, sigma, random) => mapValues(image, (x, i) => x + Math.sqrt(3) * sigma * (2 * random.uniform(i) - 1)),
});
