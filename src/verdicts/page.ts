/** A settled question as a document: the answer, who is first where, and what speaks for each explanation. */
import { type Block, prose, type ReportDocument, type Section, type Table } from "../report/document.ts";
import { groupBy } from "../report/group-by.ts";
import { plainText } from "../report/text.ts";
import { outcomesText } from "../report/words/en/common.ts";
import { evidenceTable, verdictText } from "../reproduce/tables.ts";
import { listed, percentInterval, plural, pointsInterval } from "../util/format.ts";
import { standingsPicture } from "./picture.ts";
import type { Contender, Contest, Settled } from "./settle.ts";
import { tally, winnersOf } from "./tally.ts";
import type { Reason } from "./verdict-file.ts";

const METHODS =
  "Below, one table for each set-up: means over the seeds with 95 % intervals, and differences to the first, seed by seed. Behind: surely not the best, by paired t tests at 5 %, corrected for the other losses of the comparison (multiple comparisons with the best, Hsu, 1984); equivalent: within half a point of the first, by two one-sided tests, corrected alike. Tuned: each loss with its own hyperparameters, chosen on the validation split with equal effort, then trained with other seeds. First by seed: how often each loss was first if one looks at one seed at a time.";

const left = (header: string) => ({ header, align: "left" as const });
const right = (header: string) => ({ header, align: "right" as const });

function answer({ contests, missing }: Settled): string {
  if (contests.length === 0) return "Nothing of it has been trained yet.";
  const clear = contests.filter((c) => winnersOf(c) !== null);
  const names = [...groupBy(clear, (c) => winnersOf(c)!.join(" and "))].map(([name, of]) => `${name} in ${of.length}`);
  const first =
    clear.length === 0
      ? `In none of ${plural(contests.length, "comparison")} is one loss the best beyond doubt`
      : `In ${clear.length} of ${plural(contests.length, "comparison")} a loss is the best beyond doubt (${names.join("; ")}); in the others several may be`;
  const tallied = tally(contests);
  const often = Math.max(...tallied.map((t) => t.contests));
  const best = tallied.find((t) => t.contests === often)!;
  const never = `${best.loss} may be the best in ${best.may} of its ${best.contests}`;
  const left_ = missing.length > 0 ? ` ${plural(missing.length, "set-up")} ${missing.length === 1 ? "is" : "are"} not trained yet.` : ""; // biome-ignore format: one line
  return `${first}. ${never}.${left_}`;
}

const tallyTable = (contests: readonly Contest[]): Table => ({
  caption:
    "Losses over all comparisons. The best beyond doubt: all others are surely worse, or give the same in every seed. May be the best: not surely worse than another.",
  columns: [
    left("loss"),
    right("comparisons"),
    right("the best beyond doubt"),
    right("may be the best"),
    right("at chance"),
  ],
  rows: tally(contests).map((t) => [
    { text: t.loss },
    ...[t.contests, t.wins, t.may, t.chance].map((n) => ({ text: String(n) })),
  ]),
});

/** `focal γ=2 (−1.20 ± 0.40, behind)` */
function standing({ loss, row }: Contender): string {
  if (row.rank === null) return `${loss} (${row.outcomes ? plainText(outcomesText(row.outcomes)) : "no result"})`;
  const { mean, halfWidth } = row.difference ?? { mean: 0, halfWidth: null };
  const word = row.chance ? "at chance" : row.standing === "equal" ? "same" : row.standing;
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

/** How often the first loss is another one when each has its own hyperparameters. */
function tuningSentence(contests: readonly Contest[]): string {
  const pairs = contests.flatMap((stated) => {
    const same = (c: Contest) =>
      c.setting === stated.setting && c.data === stated.data && c.hyperparameters === "tuned";
    const tuned = stated.hyperparameters === "as stated" ? contests.find(same) : undefined;
    return tuned ? [{ stated, tuned }] : [];
  });
  if (pairs.length === 0) return "No set-up has been tuned yet.";
  const changed = pairs.filter(({ stated, tuned }) => stated.contenders[0].loss !== tuned.contenders[0].loss);
  const said = [...groupBy(changed, ({ stated }) => stated.setting)].map(([setting, of]) => {
    const orders = of.map(({ stated, tuned }) => {
      const names = `${stated.contenders[0].loss} as stated, ${tuned.contenders[0].loss} tuned`;
      return stated.data === null ? names : `${names} (${stated.data})`;
    });
    return ` ${setting.setting}: ${orders.join("; ")}.`;
  });
  return `In ${changed.length} of ${plural(pairs.length, "comparison")} with both, tuning changes which loss is first.${said.join("")}`;
}

/** Which losses may be the best with stated and with tuned hyperparameters, where there are both. */
function kindsSentence(contests: readonly Contest[]): string | null {
  const kinds = [...groupBy(contests, (c) => c.hyperparameters)];
  if (kinds.length < 2) return null;
  const said = kinds.map(([kind, of]) => {
    const may = tally(of).filter((t) => t.may > 0);
    return `${kind} ${listed(may.map((t) => `${t.loss} in ${t.may} of ${t.contests}`))}`;
  });
  return `May be the best: ${said.join("; ")}.`;
}

function reasonSection(reason: Reason, { contests, claims, question }: Settled): Section {
  const judged = claims[question.reasons.indexOf(reason)];
  const list = judged.map((j) => `${j.claim.id}: ${j.claim.claim} ${sentence(j.seeds === 0 && j.claim.test !== undefined ? "not trained yet" : verdictText(j))}${j.claim.reads ? ` Read: ${j.claim.reads}` : ""}`); // biome-ignore format: one line
  const blocks: Block[] = [
    prose(reason.says),
    ...(reason.seeds ? [prose(seedsSentence(contests))] : []),
    ...(reason.tuning ? [prose(tuningSentence(contests))] : []),
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
export async function verdictDocument(settled: Settled, facts: string[]): Promise<ReportDocument> {
  const { question, contests, missing } = settled;
  const kinds = kindsSentence(contests);
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
          ...(kinds === null ? [] : [prose(kinds)]),
          ...(contests.length > 0
            ? [
                { kind: "picture" as const, picture: await standingsPicture(contests) },
                { kind: "table" as const, table: tallyTable(contests) },
                prose(METHODS),
              ]
            : []),
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
