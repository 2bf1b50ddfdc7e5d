import type { RunResults } from "../run/records.ts";
import type { Comparisons } from "./comparisons.ts";
import { who } from "./configurations.ts";
import { type Ranked, type RankingRow, ranked, rankingsByData } from "./ranking.ts";
import { plainText, type Text } from "./text.ts";
import { type Language, type Words, wordsIn } from "./words/index.ts";

const accuracyOf = (row: RankingRow) => row.configuration.summaries.testAccuracy!;
const whoOf = (row: RankingRow) => who(row.configuration);

/** Difference to the first, seed by seed; that of the means without common seeds. */
const toFirst = (row: RankingRow, first: RankingRow) => ({
  who: whoOf(row),
  difference: row.difference ?? { mean: accuracyOf(row).mean - accuracyOf(first).mean, halfWidth: null },
  lost: row.outcomes,
});

/** Configurations at chance and configurations without a result: what the end of an answer says. */
function tail(rows: readonly RankingRow[], words: Words): Text[] {
  const clauses: Text[] = [];
  for (const kind of ["stays", "ends"] as const) {
    const low = rows.filter((r) => r.chance === kind);
    if (low.length === 0) continue;
    clauses.push(words.answer.atChance({ kind, rows: low.map((r) => ({ who: whoOf(r), value: accuracyOf(r) })) }));
  }
  const diverged = rows.filter(
    (r) => r.rank === null && r.configuration.diverged.length === r.configuration.trials.length,
  );
  if (diverged.length > 0) clauses.push(words.answer.diverged({ whos: diverged.map(whoOf) }));
  const other = rows.filter((r) => r.rank === null && !diverged.includes(r));
  if (other.length > 0) clauses.push(words.answer.withoutResult({ whos: other.map(whoOf) }));
  return clauses;
}

/** The answer in one sentence, from rows that are ranked already. */
export function answerOf(
  rows: readonly RankingRow[],
  comparisons: Comparisons,
  finished: boolean,
  words: Words = wordsIn("en"),
): string | Text {
  const { grammar } = words;
  const ranked = rows.filter((r) => r.rank !== null);
  const first = ranked[0];
  if (!first) {
    const all = rows.flatMap((r) => r.configuration.trials);
    return all.length > 0 && all.every((t) => t.status === "diverged")
      ? grammar.sentence(words.answer.allDiverged({ trials: all.length }))
      : words.answer.nothingYet;
  }
  const leading = lead(ranked, first, comparisons, words);
  // Where nobody leads, the first is one of those at chance.
  const rest = leading.length > 0 ? rows.filter((r) => r !== first || ranked.length === 1) : rows;
  const said = grammar.clauses([...leading, ...tail(rest, words)]);
  return grammar.sentence(finished ? said : grammar.soFar(said));
}

/** The most that any of these undecided rows needs; null when that cannot be said. */
function seedsNeeded(rows: readonly RankingRow[], { seedsToSettle }: Comparisons): number | null {
  const needed = rows.map((r) => r.comparison && seedsToSettle(r.comparison, r.rivals));
  return needed.some((n) => n === null) ? null : Math.max(...(needed as number[]));
}

function lead(ranked: readonly RankingRow[], first: RankingRow, comparisons: Comparisons, words: Words): Text[] {
  const { answer: say } = words;
  const reached = {
    who: whoOf(first),
    value: accuracyOf(first),
    seeds: accuracyOf(first).n,
    lost: first.outcomes,
  };
  if (ranked.length === 1) return first.chance ? [] : [say.reaches(reached)];
  if (first.chance && ranked.every((r) => r.chance)) return [];

  const others = ranked.slice(1).filter((r) => !r.chance);
  if (reached.seeds === 1) {
    const [next] = others;
    const distance = next && { mean: reached.value.mean - accuracyOf(next).mean, halfWidth: null };
    return [say.highest({ ...reached, before: next ? { who: whoOf(next), distance } : null })];
  }
  const of = (standing: RankingRow["standing"]): RankingRow[] => others.filter((r) => r.standing === standing);
  const [equal, equivalent, open, behind] = (["equal", "equivalent", "undecided", "behind"] as const).map(of);
  const told = (rows: readonly RankingRow[]) => rows.map((r) => toFirst(r, first));
  const isClear = open.length + equivalent.length === 0 && behind.length > 0;
  const next = isClear ? behind[0].difference! : null;
  const before = next && {
    who: whoOf(behind[0]),
    distance: { mean: -next.mean, halfWidth: next.halfWidth },
  };
  const clauses = [say.first({ ...reached, before })];
  if (equal.length > 0) clauses.push(say.equal({ whos: equal.map(whoOf) }));
  if (equivalent.length > 0) clauses.push(say.equivalent({ rows: told(equivalent), margin: comparisons.margin }));
  if (open.length > 0) clauses.push(say.undecided({ rows: told(open), seedsNeeded: seedsNeeded(open, comparisons) }));
  if (behind.length > 0 && !isClear) clauses.push(say.behind({ rows: told(behind) }));
  return clauses;
}

/**
 * The answer, every number of it from the records: who is first, who is behind or equivalent, of whom that is undecided, who stays at
 * chance or has no result. Differences are means over common seeds with their 95 % t interval; whether they decide is corrected for
 * the rivals of each. What was trained on different data is no rival: such a study has a sentence for each of its data, `MNIST: …`.
 */
export const answers = (
  rows: readonly RankingRow[],
  comparisons: Comparisons,
  finished: boolean,
  words: Words = wordsIn("en"),
): (string | Text)[] =>
  rankingsByData(rows).map(({ title, rows: own }) => {
    const sentence = answerOf(own, comparisons, finished, words);
    return title === null ? sentence : words.grammar.about(title, sentence);
  });

/** The answers of a run. */
export const answersOf = ({ results, comparisons, rows }: Ranked, words: Words): (string | Text)[] =>
  results.trials.length === 0
    ? [words.answer.nothingYet]
    : answers(rows, comparisons, results.run.state === "finished", words);

/** The same as plain text, one line for each of the data. */
export const answer = (results: RunResults, language: Language = "en", known: Ranked = ranked(results)): string =>
  answersOf(known, wordsIn(language)).map(plainText).join("\n");
