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

/** Those that were known at the last look: pairs that came since are not looked at yet. */
export function lookedAt<K>(differences: Differences<K>, sampling?: Sampling<K>): Differences<K> {
  if (!sampling) return differences;
  const last = sampling.looks.at(-1);
  return new Map([...differences].filter(([key]) => last?.has(key)));
}

/** The deviation that the tests use: null of fewer than two pairs. */
export const testDeviation = (differences: readonly number[], leastSd = 0): number | null =>
  differences.length < 2 ? null : Math.max(deviation(differences), leastSd);

function oneLook(differences: readonly number[], limit: number, side: "greater" | "less", leastSd: number) {
  const sd = testDeviation(differences, leastSd);
  if (sd === null) return null;
  const n = differences.length;
  const away = mean(differences) - limit;
  return tP(away === 0 ? 0 : (away * Math.sqrt(n)) / sd, n - 1, side);
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
export function meanP<K>(
  differences: Differences<K>,
  limit: number,
  side: "greater" | "less",
  { sampling, leastSd = 0 }: MeanTestOptions<K> = {},
): number | null {
  if (!sampling) return oneLook([...differences.values()], limit, side, leastSd);
  const looks = sampling.looks.map((known) => {
    const seen = [...differences].flatMap(([key, value]) => (known.has(key) ? [value] : []));
    return oneLook(seen, limit, side, leastSd);
  });
  return looks.every((p) => p === null) ? null : sequentialP(sampling.design, looks);
}

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
