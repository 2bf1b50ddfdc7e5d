/** Differences that are looked at once, or in looks while pairs are added. */
import { deviation } from "./deviation.ts";
import { tCritical } from "./distributions/student-t.ts";
import { type Design, nominalLevels, sequentialP } from "./group-sequential.ts";
import { mean } from "./mean.ts";
import { tP } from "./paired-t.ts";
import { type Summary, summary } from "./summary.ts";

/** How pairs, such as seeds, were added. Without it all were there from the beginning. */
export interface Sampling<K = number> {
  design: Design;
  /** For each look that was taken the pairs known then, those of the look before among them. */
  looks: readonly ReadonlySet<K>[];
}

type Differences<K> = ReadonlyMap<K, number>;

const among = <K>(differences: Differences<K>, known: ReadonlySet<K> | undefined): Differences<K> =>
  new Map([...differences].filter(([key]) => known?.has(key)));

/** Those that were known at the last look: pairs that came since are not looked at yet. */
export const lookedAt = <K>(differences: Differences<K>, sampling?: Sampling<K>): Differences<K> =>
  sampling ? among(differences, sampling.looks.at(-1)) : differences;

/** What the tests need to know of the differences at a look. */
export interface Look {
  n: number;
  mean: number;
  /** The deviation that the tests use: null of fewer than two pairs. */
  sd: number | null;
}

const look = (differences: readonly number[], leastSd: number): Look => ({
  n: differences.length,
  mean: mean(differences),
  sd: differences.length < 2 ? null : Math.max(deviation(differences), leastSd),
});

/** The looks that were taken, the only one where there is no sampling. @param leastSd the deviation is taken to be at least this */
export const looksAt = <K>(differences: Differences<K>, sampling?: Sampling<K>, leastSd = 0): Look[] =>
  sampling
    ? sampling.looks.map((known) => look([...among(differences, known).values()], leastSd))
    : [look([...differences.values()], leastSd)];

function lookP({ n, mean, sd }: Look, limit: number, side: "greater" | "less"): number | null {
  if (sd === null) return null;
  const away = mean - limit;
  return tP(away === 0 ? 0 : (away * Math.sqrt(n)) / sd, n - 1, side);
}

/** p over all looks; null where none has two pairs. */
export function looksP(
  looks: readonly Look[],
  limit: number,
  side: "greater" | "less",
  design?: Design,
): number | null {
  const each = looks.map((look) => lookP(look, limit, side));
  if (!design) return each[0];
  return each.every((p) => p === null) ? null : sequentialP(design, each);
}

export interface MeanTestOptions<K> {
  sampling?: Sampling<K> | undefined;
  /** The deviation is taken to be at least this. */
  leastSd?: number;
}

/**
 * One-sided p of the mean difference being beyond a limit: of a t test, or over all looks so far (`sequentialP`).
 * @returns null where no look has two pairs
 */
export const meanP = <K>(
  differences: Differences<K>,
  limit: number,
  side: "greater" | "less",
  { sampling, leastSd }: MeanTestOptions<K> = {},
): number | null => looksP(looksAt(differences, sampling, leastSd), limit, side, sampling?.design);

/**
 * Mean and 95 % interval of the differences that were looked at. With looks it is the repeated interval, which holds at all of them
 * together: as wide as the boundary of this look. Jennison and Turnbull, 1989.
 */
export function differenceSummary<K>(differences: Differences<K>, sampling?: Sampling<K>): Summary {
  const plain = summary([...lookedAt(differences, sampling).values()]);
  if (!sampling || plain.sd === null) return plain;
  const level = nominalLevels(sampling.design, 0.025)[sampling.looks.length - 1];
  return { ...plain, halfWidth: (tCritical(level, plain.n - 1) * plain.sd) / Math.sqrt(plain.n) };
}
