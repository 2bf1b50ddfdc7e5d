import { corruption } from "./corruption.ts";
import { sampled } from "./sample.ts";

/** The image turned about its centre, to the left or to the right; bilinear, the edge continues into the corners. */
export const rotation = corruption({
  name: "rotation",
  title: "rotation",
  summary: "Turns the image to the left or to the right.",
  reference: "Mu and Gilmer, 2019, arXiv:1906.02337 (rotate)",
  strength: "angle in degrees",
  strengths: [6, 12, 18, 24, 30],
  apply(image, degrees, random) {
    const [, height, width] = image.shape;
    const angle = ((random.uniform(0) < 0.5 ? -1 : 1) * degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
    return sampled(image, (x, y) => [cx + cos * (x - cx) + sin * (y - cy), cy - sin * (x - cx) + cos * (y - cy)]);
  },
});
