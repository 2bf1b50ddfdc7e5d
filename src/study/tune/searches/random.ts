import { random as stream } from "../../../util/random.ts";
import { search } from "./search.ts";

/** Independent points. Bergstra and Bengio, 2012, JMLR 13. */
export const random = search({
  name: "random",
  title: "random search",
  summary: "Independent points; every candidate trains for all epochs.",
  reference: "Bergstra and Bengio, 2012, JMLR 13",
  params: {},
  points: (seed, dimensions) => {
    const draws = stream(seed, "random search");
    return (i) => Array.from({ length: dimensions }, (_, d) => draws.uniform(i * dimensions + d));
  },
  rounds: (candidates, epochs) => [{ candidates, epochs }],
});
