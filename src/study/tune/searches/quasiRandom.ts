import { halton } from "../../../util/halton.ts";
import { search } from "./search.ts";

/** Points that leave no gaps. Bousquet et al., 2017, arXiv:1706.03200. */
export const quasiRandom = search({
  name: "quasiRandom",
  title: "quasi-random search",
  summary: "Points of a scrambled Halton sequence, which leave no gaps; every candidate trains for all epochs.",
  reference: "Bousquet et al., 2017, arXiv:1706.03200",
  params: {},
  points: halton,
  rounds: (candidates, epochs) => [{ candidates, epochs }],
});
