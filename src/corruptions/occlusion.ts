import { corruption, drawn, sideOf } from "./corruption.ts";

/**
 * Something stands in front: a grey square around a random pixel. It may reach beyond the image; a severer one covers the same and more.
 * Grey, so that it shows on black and on white. DeVries and Taylor, 2017, arXiv:1708.04552 (there in training, and black).
 */
export const occlusion = corruption({
  name: "occlusion",
  title: "occlusion",
  summary: "Covers a random square with grey.",
  reference: "DeVries and Taylor, 2017, arXiv:1708.04552",
  strength: "the square's side as a share of the image's",
  strengths: [0.15, 0.25, 0.35, 0.45, 0.55],
  apply(image, share, random) {
    const {
      shape: [, height, width],
      values,
    } = image;
    const half = (share * sideOf(image)) / 2;
    const centre = { x: Math.floor(random.uniform(0) * width), y: Math.floor(random.uniform(1) * height) };
    return drawn(image, (c, y, x) =>
      Math.abs(x - centre.x) < half && Math.abs(y - centre.y) < half ? 0.5 : values[(c * height + y) * width + x],
    );
  },
});
