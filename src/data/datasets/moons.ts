import { points } from "../points.ts";

/** Two half circles, each reaching into the other. */
export const moons = points({
  name: "moons",
  title: "moons",
  classes: ["0", "1"],
  spread: 0.15,
  at(k, t) {
    const [x, y] = [Math.cos(Math.PI * t), Math.sin(Math.PI * t)];
    return k === 0 ? [x - 0.5, y - 0.25] : [0.5 - x, 0.25 - y];
  },
  citation: "after scikit-learn, make_moons",
});
