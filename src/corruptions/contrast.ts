import { corruption, mapValues } from "./corruption.ts";

/** Less contrast: every value comes nearer to the mean of its channel, which stays.   x' = m + (1 - s)(x - m) */
export const contrast = corruption({
  name: "contrast",
  title: "contrast",
  summary: "Brings every value nearer to the mean of its channel.",
  formula: "m + (1 - s)(x - m)",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261",
  strength: "share of the contrast that is lost",
  strengths: [0.25, 0.5, 0.6, 0.7, 0.85],
  apply(image, lost) {
    const [channels, height, width] = image.shape;
    const plane = height * width;
    const means = new Float64Array(channels);
    for (let i = 0; i < channels * plane; i++) means[Math.floor(i / plane)] += image.values[i] / plane;
    return mapValues(image, (x, i) => {
      const mean = means[Math.floor(i / plane)];
      return mean + (1 - lost) * (x - mean);
    });
  },
});
