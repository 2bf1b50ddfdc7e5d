import { corruption, mapValues } from "./corruption.ts";

/** More light: every value rises by the same; what exceeds 1 is lost.   x' = x + b */
export const brightness = corruption({
  name: "brightness",
  title: "brightness",
  summary: "Adds the same to every value.",
  formula: "x + b",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261",
  strength: "b",
  strengths: [0.1, 0.2, 0.3, 0.4, 0.5],
  apply: (image, b) => mapValues(image, (x) => x + b),
});
