import { type Effect, repeatedMeasuresAnova } from "./anova.ts";
import { effects, transformed } from "./cells.ts";
import { mean } from "./mean.ts";
import { ranks } from "./ranks.ts";

/** The part of the cells' means that one effect explains: centred over its factors, averaged over the others. */
function component(means: readonly number[], levels: readonly number[], factors: readonly number[]): number[] {
  return transformed(means, levels, (f) => {
    const k = levels[f];
    const centred = factors.includes(f);
    return Array.from({ length: k }, (_, i) =>
      Array.from({ length: k }, (_, j) => (centred ? (i === j ? 1 : 0) - 1 / k : 1 / k)),
    );
  });
}

/**
 * The analysis of variance by ranks: for each effect all other effects are taken out of the values, these are ranked, and the effect
 * is tested on the ranks. Needs no normal distribution. Wobbrock et al., 2011 (the aligned rank transform).
 * @param subjects [subjects][cells], cells in row-major order over the factors
 */
export function alignedRanksAnova(subjects: readonly (readonly number[])[], levels: readonly number[]): Effect[] {
  const means = subjects[0].map((_, cell) => mean(subjects.map((row) => row[cell])));
  const size = Math.max(...subjects.flat().map(Math.abs));
  return effects(levels.length).map((factors, at) => {
    const own = component(means, levels, factors);
    // Values that are equal but for rounding must get one rank.
    const aligned = subjects.flatMap((row) =>
      row.map((value, cell) => Math.round((value - means[cell] + own[cell]) / (1e-12 * size || 1))),
    );
    const ranked = ranks(aligned);
    const cells = means.length;
    const rows = subjects.map((_, s) => ranked.slice(s * cells, (s + 1) * cells));
    return repeatedMeasuresAnova(rows, levels)[at];
  });
}
