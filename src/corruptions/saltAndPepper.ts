import { corruption, mapValues } from "./corruption.ts";

/** Impulse noise: some pixels become black or white, all channels at once. A severer one hits the same pixels and more. */
export const saltAndPepper = corruption({
  name: "saltAndPepper",
  title: "salt and pepper",
  summary: "Turns a share of the pixels black or white.",
  reference: "Hendrycks and Dietterich, 2019, arXiv:1903.12261 (impulse noise)",
  strength: "share of the pixels",
  strengths: [0.03, 0.06, 0.09, 0.17, 0.27],
  apply(image, share, random) {
    const [, height, width] = image.shape;
    return mapValues(image, (x, i) => {
      const pixel = i % (height * width);
      return random.uniform(2 * pixel) < share ? Math.round(random.uniform(2 * pixel + 1)) : x;
    });
  },
});
