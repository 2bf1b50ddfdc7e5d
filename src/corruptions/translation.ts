import { corruption, sideOf } from "./corruption.ts";
import { sampled } from "./sample.ts";

/** The image moved by whole pixels in a random direction; the edge continues into what is uncovered. */
export const translation = corruption({
  name: "translation",
  title: "translation",
  summary: "Moves the image in a random direction.",
  reference: "Mu and Gilmer, 2019, arXiv:1906.02337 (translate)",
  strength: "distance as a share of the side",
  strengths: [0.04, 0.07, 0.11, 0.15, 0.2],
  apply(image, share, random) {
    const angle = 2 * Math.PI * random.uniform(0);
    const [right, down] = [Math.cos(angle), Math.sin(angle)].map((part) => Math.round(part * share * sideOf(image)));
    return sampled(image, (x, y) => [x - right, y - down]);
  },
});
