import { points } from "../points.ts";

/** Four round clouds at the corners of a square, which meet where they are wide. */
export const blobs = points({
  name: "blobs",
  title: "blobs",
  classes: ["0", "1", "2", "3"],
  spread: 0.3,
  at: (k) => [k % 2 === 0 ? -0.7 : 0.7, k < 2 ? -0.7 : 0.7],
  citation: "after scikit-learn, make_blobs",
});
