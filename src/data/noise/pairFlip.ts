import { labelNoise, rate } from "./noise.ts";

/** Labels change to the next class, of the last to the first.   T_ii = 1 - ε,   T_i,i+1 = ε. Han et al., 2018. */
export const pairFlip = labelNoise({
  name: "pairFlip",
  title: "pair-flip noise",
  summary: "Labels change to the next class, those of the last class to the first.",
  formula: "T_{ii} = 1 - \\varepsilon,\\; T_{i,(i+1) \\bmod C} = \\varepsilon",
  reference: "Han et al., 2018",
  params: { rate },
  primary: "rate",
  transition: ({ rate }, classes) =>
    classes.map((_, i) => classes.map((_, j) => (i === j ? 1 - rate : j === (i + 1) % classes.length ? rate : 0))),
});
