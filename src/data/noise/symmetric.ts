import { labelNoise, rate } from "./noise.ts";

/** Labels change to any other class alike.   T_ii = 1 - ε,   T_ij = ε / (C - 1). Patrini et al., 2017; Han et al., 2018. */
export const symmetric = labelNoise({
  name: "symmetric",
  title: "symmetric noise",
  summary: "Labels change to any other class alike.",
  formula: "T_{ii} = 1 - \\varepsilon,\\; T_{ij} = \\varepsilon / (C - 1)",
  reference: "Patrini et al., 2017; Han et al., 2018",
  params: { rate },
  primary: "rate",
  transition: ({ rate }, classes) =>
    classes.map((_, i) => classes.map((_, j) => (i === j ? 1 - rate : rate / (classes.length - 1)))),
});
