/** A settled question as a document: the answer, who is first where, and what speaks for each explanation. */

import { type Block, prose, type ReportDocument, type Section, type Table } from "../report/document.ts";
import { groupBy } from "../report/group-by.ts";
import { plainText } from "../report/text.ts";
import { outcomesText } from "../report/words/en/common.ts";
import { evidenceTable, verdictText } from "../reproduce/tables.ts";
import { listed, percentInterval, plural, pointsInterval } from "../util/format.ts";
import type { Contender, Contest, Settled } from "./settle.ts";
import type { Reason } from "./verdict-file.ts";

const METHODS =
  "Below, one table for each set-up: means over the seeds with 95 % intervals; differences to the first are taken seed by seed, and are those of paired t tests, corrected by Holm's method for all pairs of the study. Tuned: each loss with its own hyperparameters, chosen on the validation split with equal effort, then trained with other seeds. First by seed: how often each loss was first if one looks at one seed at a time.";

const left = (header: string) => ({ header, align: "left" as const });
const right = (header: string) => ({ header, align: "right" as const });

/** Not shown to be behind the first: that itself, and what is equal, equivalent or undecided. */
const isClose = ({ row }: Contender): boolean => row.rank !== null && row.standing !== "behind" && row.chance === null;

/** Where one loss is first and all others are behind, or the same as it. */
function winnersOf(contest: Contest): string[] | null {
  const ranked = contest.contenders.filter(({ row }) => row.rank !== null);
  const open = ranked.some(({ row }) => row.standing === "undecided" || row.standing === "equivalent");
  if (open || ranked.length < 2) return null;
  return ranked.filter(isClose).map(({ loss }) => loss);
}

interface Tally {
  loss: string;
  contests: number;
  /** Alone, or with losses that give the same in every seed. */
  wins: number;
  close: number;
  chance: number;
}

/** Losses by how seldom they are behind. */
export function tally(contests: readonly Contest[]): Tally[] {
  const all = contests.flatMap((contest) =>
    contest.contenders.map((contender) => ({ contender, wins: winnersOf(contest)?.includes(contender.loss) ?? false })),
  );
  return [...groupBy(all, ({ contender }) => contender.loss)]
    .map(([loss, of]) => ({
      loss,
      contests: of.length,
      wins: of.filter(({ wins }) => wins).length,
      close: of.filter(({ contender }) => isClose(contender)).length,
      chance: of.filter(({ contender }) => contender.row.chance !== null).length,
    }))
    .sort((a, b) => b.close / b.contests - a.close / a.contests || b.contests - a.contests);
}

function answer({ contests, missing }: Settled): string {
  if (contests.length === 0) return "Nothing of it has been trained yet.";
  const decided = contests.flatMap((c) => winnersOf(c) ?? []).length;
  const clear = contests.filter((c) => winnersOf(c) !== null);
  const names = [...new Set(clear.map((c) => winnersOf(c)!.join(" and ")))];
  const first =
    decided === 0
      ? `In none of ${plural(contests.length, "comparison")} is one loss first beyond doubt`
      : `In ${clear.length} of ${plural(contests.length, "comparison")} a loss is first beyond doubt (${listed(names)}); in the others the first is equivalent to another, or cannot be told apart from it`;
  const most = tally(contests).filter(({ contests: n }) => n === Math.max(...tally(contests).map((t) => t.contests)));
  const [best] = most;
  const never = `${best.loss} is not shown to be behind in ${best.close} of its ${best.contests}`;
  const left_ = missing.length > 0 ? ` ${plural(missing.length, "set-up")} ${missing.length === 1 ? "is" : "are"} not trained yet.` : ""; // biome-ignore format: one line
  return `${first}. ${never}.${left_}`;
}

const tallyTable = (contests: readonly Contest[]): Table => ({
  caption:
    "Losses over all comparisons. First beyond doubt: all others are behind, or give the same in every seed. Not behind: first, or not told apart from the first.",
  columns: [left("loss"), right("comparisons"), right("first beyond doubt"), right("not behind"), right("at chance")],
  rows: tally(contests).map((t) => [
    { text: t.loss },
    ...[t.contests, t.wins, t.close, t.chance].map((n) => ({ text: String(n) })),
  ]),
});

const STANDINGS = { equal: "same", equivalent: "equivalent", undecided: "undecided", behind: "behind" } as const;

/** `focal γ=2 (−1.20 ± 0.40, behind)` */
function standing({ loss, row }: Contender): string {
  if (row.rank === null) return `${loss} (${row.outcomes ? plainText(outcomesText(row.outcomes)) : "no result"})`;
  const { mean, halfWidth } = row.difference ?? { mean: 0, halfWidth: null };
  const word = row.chance ? "at chance" : STANDINGS[row.standing as keyof typeof STANDINGS];
  return `${loss} (${pointsInterval(mean, halfWidth)}, ${word})`;
}

const contestTable = (contests: readonly Contest[]): Table => ({
  caption: "Final test accuracy, %, and differences to the first, points.",
  columns: [
    left("data"),
    left("hyperparameters"),
    left("first"),
    left("others"),
    left("first by seed"),
    right("seeds"),
  ],
  rows: contests.map(({ data, hyperparameters, contenders: [first, ...others], firsts, seeds }) => {
    const { mean, halfWidth } = first.row.configuration.summaries.testAccuracy!;
    return [
      { text: data ?? "" },
      { text: hyperparameters },
      { text: `${first.loss} ${percentInterval(mean, halfWidth)}`, exact: `${mean} ± ${halfWidth}`, strong: true },
      { text: others.map(standing).join(", ") },
      { text: firsts.map(({ loss, times }) => `${loss} ${times}`).join(", ") },
      { text: String(seeds) },
    ];
  }),
});

/** Whether a comparison's seeds agree on the first loss. */
const agree = ({ firsts, seeds }: Contest): boolean => firsts.some(({ times }) => times === seeds);

function seedsSentence(contests: readonly Contest[]): string {
  const several = contests.filter(({ seeds }) => seeds > 1);
  if (several.length === 0) return "No set-up has more than one seed yet.";
  const split = several.filter((c) => !agree(c));
  return `In ${split.length} of ${plural(several.length, "comparison")} with several seeds these do not agree on the first loss.`;
}

function reasonSection(reason: Reason, { contests, claims, question }: Settled): Section {
  const judged = claims[question.reasons.indexOf(reason)];
  const list = judged.map((j) => `${j.claim.id}: ${j.claim.claim} ${sentence(j.seeds === 0 && j.claim.test !== undefined ? "not trained yet" : verdictText(j))}${j.claim.reads ? ` Read: ${j.claim.reads}` : ""}`); // biome-ignore format: one line
  const blocks: Block[] = [
    prose(reason.says),
    ...(reason.seeds ? [prose(seedsSentence(contests))] : []),
    ...(judged.length > 0
      ? [
          { kind: "list" as const, items: list },
          { kind: "table" as const, table: evidenceTable({ claims: judged }) },
        ]
      : []),
  ];
  return { id: `reason-${question.reasons.indexOf(reason) + 1}`, heading: reason.why, blocks };
}

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;

/** @param facts small print: where the trials come from */
export function verdictDocument(settled: Settled, facts: string[]): ReportDocument {
  const { question, contests, missing } = settled;
  const bySetting = groupBy(contests, ({ setting }) => setting);
  const winners: Section[] = [...bySetting].map(([setting, own], i) => ({
    id: `setting-${i + 1}`,
    heading: setting.reports ? `${setting.setting} (${setting.reports})` : setting.setting,
    blocks: [{ kind: "table", table: contestTable(own) }],
  }));
  return {
    title: question.title,
    question: null,
    facts,
    sections: [
      {
        id: "answer",
        heading: "Answer",
        blocks: [
          prose(answer(settled), { lead: true }),
          ...(contests.length > 0 ? [{ kind: "table" as const, table: tallyTable(contests) }, prose(METHODS)] : []),
          ...(missing.length > 0
            ? [prose("Not trained yet:"), { kind: "list" as const, items: missing.map((m) => `${m.setting}: losslab run ${m.study}`) }] // biome-ignore format: one line
            : []),
        ],
      },
      ...winners,
      ...question.reasons.map((reason) => reasonSection(reason, settled)),
    ],
  };
}
