import { z } from "zod";
import { UserError, UserErrors } from "../../util/errors.ts";
import { suggest } from "../../util/nearest.ts";
import { labelNoise, rate } from "./noise.ts";

/**
 * Labels of some classes change to one that looks alike; for example truck → automobile, bird → airplane, deer → horse, cat ↔ dog on
 * CIFAR-10.   T_ii = 1 - ε,   T_i,flips(i) = ε. Patrini et al., 2017.
 */
export const asymmetric = labelNoise({
  name: "asymmetric",
  title: "asymmetric noise",
  summary: "Labels of some classes change to one other class each, of classes that look alike for example.",
  formula: "T_{ii} = 1 - \\varepsilon,\\; T_{i,f(i)} = \\varepsilon",
  reference: "Patrini et al., 2017",
  params: {
    rate,
    flips: z
      .record(z.string(), z.union([z.string(), z.number()]).transform(String))
      .refine((flips) => Object.keys(flips).length > 0, "must name a class at least")
      .describe("which class becomes which, by their names: { truck: automobile, cat: dog }"),
  },
  transition({ rate, flips }, classes) {
    const unknown = [...new Set(Object.entries(flips).flat())].filter((name) => !classes.includes(name));
    if (unknown.length > 0) {
      throw new UserErrors(
        unknown.map((name) => new UserError(`there is no class "${name}"`, "flips", suggest(name, classes))),
      );
    }
    return classes.map((name, i) => {
      const target = Object.hasOwn(flips, name) ? classes.indexOf(flips[name]) : i;
      return classes.map((_, j) => (target === i ? Number(j === i) : j === i ? 1 - rate : j === target ? rate : 0));
    });
  },
});
