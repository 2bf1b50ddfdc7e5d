import { corruption, mapValues } from "./corruption.ts";

/** Gaussian noise, as of a sensor in poor light.   x' = x + σ n,   n ~ N(0, 1) for every value */
export const gaussianNoise = corruption({
  name: "gaussianNoise",
  title: "Gaussian noise",
  summary: "Adds normal noise to every value.",
  formula: "x + \\sigma n,\\; n \\sim N(0, 1)",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261",
  strength: "σ",
  strengths: [0.04, 0.07, 0.11, 0.17, 0.25],
  apply: (image, sigma, random) => mapValues(image, (x, i) => x + sigma * random.normal(i)),
});
