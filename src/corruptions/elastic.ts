import { corruption, sideOf } from "./corruption.ts";
import { sampled } from "./sample.ts";
import { smoothed } from "./smooth.ts";

/** How far neighbouring displacements are alike, as a share of the side: 4 of 29 pixels in the paper. */
const SMOOTHNESS = 4 / 29;

/**
 * The image on a rubber sheet: every pixel is displaced by a random field that was made smooth, then scaled to the given mean square.
 *
 *     x'(q) = x(q + a d(q) / √mean |d|²),   d = noise * N(0, s²)
 *
 * Bilinear; the edge continues. Simard et al., 2003, "Best practices for convolutional neural networks", § 2.
 */
export const elastic = corruption({
  name: "elastic",
  title: "elastic",
  summary: "Displaces every pixel by a smooth random field.",
  reference: "Simard et al., 2003, Best practices for convolutional neural networks, § 2",
  strength: "root mean square displacement as a share of the side",
  strengths: [0.015, 0.025, 0.035, 0.05, 0.07],
  apply(image, share, random) {
    const [, height, width] = image.shape;
    const plane = height * width;
    const noise = Float64Array.from({ length: 2 * plane }, (_, i) => 2 * random.uniform(i) - 1);
    const field = smoothed({ shape: [2, height, width], values: noise }, SMOOTHNESS * sideOf(image));
    const meanSquare = field.reduce((sum, d) => sum + d * d, 0) / plane;
    const scale = (share * sideOf(image)) / Math.sqrt(meanSquare);
    return sampled(image, (x, y) => [x + scale * field[y * width + x], y + scale * field[plane + y * width + x]]);
  },
});
