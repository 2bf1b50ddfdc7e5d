import { corruption, sideOf } from "./corruption.ts";
import { smoothed } from "./smooth.ts";

/** Gaussian blur.   x' = x * N(0, σ²) in both directions; mirrored at the edges, so that the mean is kept */
export const blur = corruption({
  name: "blur",
  title: "blur",
  summary: "Convolves with a Gaussian.",
  formula: "x * N(0, \\sigma^2)",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261 (Gaussian blur)",
  strength: "σ as a share of the side",
  strengths: [0.015, 0.022, 0.03, 0.042, 0.058],
  apply: (image, share) => smoothed(image, share * sideOf(image)),
});
