import type { RunResults } from "../run/records.ts";
import { listed, percent, percentInterval, plural, points, pointsInterval } from "../util/format.ts";
import { type Comparisons, comparisonsOf } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { type RankingRow, rankConfigurations, rankingsByData } from "./ranking.ts";
import { compared } from "./stages.ts";

const labelOf = (row: RankingRow) => row.configuration.label;
const accuracyOf = (row: RankingRow) => row.configuration.summaries.testAccuracy!;

/** The first names and how many more: `A, B and 3 others`. */
function some(rows: readonly RankingRow[], say: (row: RankingRow) => string, most = 2): string {
  const shown = rows.length === most + 1 ? rows : rows.slice(0, most);
  const more = rows.length - shown.length;
  return listed([...shown.map(say), ...(more > 0 ? [plural(more, "other")] : [])]);
}

const is = (rows: readonly unknown[], one: string, many: string) => (rows.length === 1 ? one : many);

const accuracyText = (row: RankingRow) => {
  const { mean, halfWidth } = accuracyOf(row);
  return `${percentInterval(mean, halfWidth)} %`;
};

/** `−0.31 ± 0.20 points` to the first; the plain difference of the means without common seeds. */
function differenceText(row: RankingRow, first: RankingRow): string {
  const d = row.difference;
  return `${d ? pointsInterval(d.mean, d.halfWidth) : points(accuracyOf(row).mean - accuracyOf(first).mean)} points`;
}

/** Configurations at chance and configurations without a result: what the end of an answer says. */
function tail(rows: readonly RankingRow[]): string[] {
  const clauses: string[] = [];
  for (const kind of ["stays", "ends"] as const) {
    const low = rows.filter((r) => r.chance === kind);
    if (low.length === 0) continue;
    const names = some(low, (r) => `${labelOf(r)} (${percent(accuracyOf(r).mean)} %)`, 3);
    clauses.push(`${names} ${kind === "stays" ? is(low, "stays", "stay") : is(low, "ends", "end")} at chance`);
  }
  const diverged = rows.filter(
    (r) => r.rank === null && r.configuration.diverged.length === r.configuration.trials.length,
  );
  if (diverged.length > 0) clauses.push(`${some(diverged, labelOf, 3)} diverged in every trial`);
  const other = rows.filter((r) => r.rank === null && !diverged.includes(r));
  if (other.length > 0) clauses.push(`${some(other, labelOf, 3)} ${is(other, "has", "have")} no finished trial`);
  return clauses;
}

/** The answer in one sentence, from rows that are ranked already. */
export function answerOf(rows: readonly RankingRow[], comparisons: Comparisons, finished: boolean): string {
  const ranked = rows.filter((r) => r.rank !== null);
  const first = ranked[0];
  if (!first) {
    const all = rows.flatMap((r) => r.configuration.trials);
    return all.length > 0 && all.every((t) => t.status === "diverged")
      ? `No configuration gave a result: ${all.length === 1 ? "the only trial" : `all ${all.length} trials`} diverged.`
      : "No trial has finished yet.";
  }
  const leading = lead(ranked, first, comparisons);
  // Where nobody leads, the first is one of those at chance.
  const others = leading.length > 0 ? rows.filter((r) => r !== first || ranked.length === 1) : rows;
  return `${finished ? "" : "So far, "}${[...leading, ...tail(others)].join("; ")}.`;
}

/** ` (about 14 seeds would decide)`: the most that any of these undecided rows needs; nothing when that cannot be said. */
export function seedsText(rows: readonly RankingRow[], { seedsToSettle }: Comparisons): string {
  const needed = rows.map((r) => r.comparison && seedsToSettle(r.comparison));
  if (needed.length === 0 || needed.some((n) => n === null)) return "";
  return ` (about ${plural(Math.max(...(needed as number[])), "seed")} would decide)`;
}

function lead(ranked: readonly RankingRow[], first: RankingRow, comparisons: Comparisons): string[] {
  const seeds = accuracyOf(first).n;
  const lost = first.note ? `, ${first.note}` : "";
  const basis = `(${plural(seeds, "seed")}${lost})`;
  const reached = `${accuracyText(first)} test accuracy ${basis}`;
  if (ranked.length === 1) return first.chance ? [] : [`${labelOf(first)} reaches ${reached}`];
  if (first.chance && ranked.every((r) => r.chance)) return [];

  const others = ranked.slice(1).filter((r) => !r.chance);
  if (seeds === 1) {
    const next = others[0];
    const ahead = next
      ? `, ${percent(accuracyOf(first).mean - accuracyOf(next).mean)} points ahead of ${labelOf(next)}`
      : "";
    return [
      `${labelOf(first)} has the highest test accuracy, ${accuracyText(first)} ${basis}${ahead}, but one seed cannot decide the order`,
    ];
  }
  const equal = others.filter((r) => r.standing === "equal");
  const equivalent = others.filter((r) => r.standing === "equivalent");
  const open = others.filter((r) => r.standing === "undecided");
  const behind = others.filter((r) => r.standing === "behind");
  const say = (r: RankingRow) => `${labelOf(r)} (${[differenceText(r, first), r.note].filter(Boolean).join(", ")})`;
  const clauses = [`${labelOf(first)} is first with ${reached}`];
  if (equal.length > 0)
    clauses.push(`${some(equal, labelOf)} ${is(equal, "gives", "give")} the same accuracy in every seed`);
  if (equivalent.length > 0) {
    const within = `within ${percent(comparisons.margin)} points`;
    clauses.push(`${some(equivalent, say)} ${is(equivalent, "is", "are")} equivalent to it ${within}`);
  }
  if (open.length > 0) {
    const seedsNeeded = seedsText(open, comparisons);
    clauses.push(`${some(open, say)} cannot be told apart from it, so their order is undecided${seedsNeeded}`);
  }
  if (open.length + equivalent.length > 0) {
    if (behind.length > 0) clauses.push(`${some(behind, say)} ${is(behind, "is", "are")} behind`);
  } else if (behind.length > 0) {
    const { mean, halfWidth } = behind[0].difference!;
    clauses[0] += `, ${percentInterval(-mean, halfWidth)} points ahead of ${labelOf(behind[0])}`;
  }
  return clauses;
}

/**
 * The answer, every number of it from the records: who is first, whom it cannot be told apart from or is equivalent to, who stays at
 * chance or has no result. Differences are means over common seeds with their 95 % t interval; whether they decide is corrected for
 * all pairs. What was trained on different data is no rival: such a study has a sentence for each of its data, `MNIST: …`.
 */
export const answers = (rows: readonly RankingRow[], comparisons: Comparisons, finished: boolean): string[] =>
  rankingsByData(rows).map(({ title, rows: own }) => {
    const sentence = answerOf(own, comparisons, finished);
    return title === null ? sentence : `${title}: ${sentence}`;
  });

export function answer(whole: RunResults): string {
  const results = compared(whole);
  if (results.trials.length === 0) return "No trial has finished yet.";
  const all = configurations(results);
  const comparisons = comparisonsOf(results, all);
  return answers(rankConfigurations(all, comparisons), comparisons, results.run.state === "finished").join("\n");
}
