import { points } from "../points.ts";

/** How far an arm turns from the centre to its end, in radians. */
const TURN = 4.5;

/** Three arms that wind about each other: no class is on one side of a line. */
export const spiral = points({
  name: "spiral",
  title: "spiral",
  classes: ["0", "1", "2"],
  spread: 0.05,
  at(k, t) {
    const radius = 0.05 + 0.95 * t;
    const angle = (2 * Math.PI * k) / 3 + TURN * t;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  citation: "after K. J. Lang, M. J. Witbrock, Learning to tell two spirals apart, 1988",
});
