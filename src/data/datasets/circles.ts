import { points } from "../points.ts";

/** A circle within another. */
export const circles = points({
  name: "circles",
  title: "circles",
  classes: ["0", "1"],
  spread: 0.1,
  at(k, t) {
    const radius = k === 0 ? 1 : 0.5;
    return [radius * Math.cos(2 * Math.PI * t), radius * Math.sin(2 * Math.PI * t)];
  },
  citation: "after scikit-learn, make_circles",
});
