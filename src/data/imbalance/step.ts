import { UserError } from "../../util/errors.ts";
import { number } from "../../zoo/entry.ts";
import { imbalance, ratio } from "./imbalance.ts";

/** Some classes are rare, all alike; the others are common.   n_k = n_0 / ρ for μC classes. Buda et al., 2018. */
export const step = imbalance({
  name: "step",
  title: "step imbalance",
  summary: "Some classes are rare, all alike; the others are common.",
  formula: "n_k = n_0 / \\rho \\text{ for } \\mu C \\text{ classes}",
  reference: "Buda et al., 2018",
  params: {
    ratio,
    minority: number("fraction of the classes that are rare", { default: 0.5, above: 0, below: 1 }),
  },
  primary: "ratio",
  divisors({ ratio, minority }, classes) {
    const rare = Math.round(minority * classes);
    if (rare === 0 || rare === classes) {
      throw new UserError(`${minority} of ${classes} classes is ${rare}; expected at least one rare and one common`);
    }
    return Array.from({ length: classes }, (_, k) => (k < classes - rare ? 1 : ratio));
  },
});
