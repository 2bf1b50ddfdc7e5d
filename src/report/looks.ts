/** What a run with a sequential design found at each look, and what it spent: from the stored rows alone, whenever it is asked. */
import { claimProspect } from "../claims/prospect.ts";
import type { RunResults } from "../run/records.ts";
import { conditionalPower } from "../stats/conditional-power.ts";
import { normalQuantile } from "../stats/distributions/normal.ts";
import type { Judged } from "../stats/family.ts";
import { boundaries, nominalLevels, spendingFunctions } from "../stats/group-sequential.ts";
import type { SequentialDesign } from "../study/until.ts";
import { duration, plural } from "../util/format.ts";
import { judgedClaims } from "./claims.ts";
import { type Comparisons, comparisonsOf, LEVEL } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { rankConfigurations, rankingsByData } from "./ranking.ts";
import { asOfLook, looksOf } from "./sampling.ts";

/** Something that the study is to decide: a claim, or how a configuration stands to the first. */
export interface Question {
  name: string;
  /** What became of it; null while it is undecided. */
  verdict: string | null;
  /** Conditional power: how likely it is decided with the most seeds if things stay as they are; null where that cannot be said. */
  prospect: number | null;
}

/** What the design says of a look. */
export interface PlannedLook {
  seeds: number;
  fraction: number;
  /** Normal statistic by which a single two-sided test at 5 % decides, and its p. */
  boundary: number;
  nominalP: number;
  /** Of the 5 % that such a test may be wrong in, what it may have used up by now. */
  levelSpent: number;
}

export interface Look extends PlannedLook {
  /** Spent until then. Seconds of training, of each trial its share of its cohort's. */
  trials: number;
  seconds: number;
  questions: Question[];
}

export interface Looks {
  design: SequentialDesign;
  /** `claims`, or the ranking's comparisons with the first. */
  of: "claims" | "comparisons";
  planned: PlannedLook[];
  taken: Look[];
  /** Why no more seeds are added; null while the run goes on. */
  end: "decided" | "all seeds" | "futile" | null;
}

/** Below it, more seeds are said to be futile. */
export const FUTILE = 0.1;

export function plannedLooks(design: SequentialDesign): PlannedLook[] {
  const half = LEVEL / 2;
  const nominal = nominalLevels(design, half);
  return boundaries(design, half).map((boundary, k) => ({
    seeds: design.looks[k].length,
    fraction: design.fractions[k],
    boundary,
    nominalP: 2 * nominal[k],
    levelSpent: 2 * spendingFunctions[design.spending](half, design.fractions[k]),
  }));
}

/** The statistic that one of so many open questions has to reach at the last look. */
const criticalOf = (design: SequentialDesign, open: number): number =>
  -normalQuantile(nominalLevels(design, LEVEL / 2 / Math.max(1, open))[design.fractions.length - 1]);

function comparisonProspect({ difference, sd }: Judged, margin: number, most: number, critical: number): number | null {
  if (sd === null) return null;
  const state = { n: difference.n, mean: difference.mean, sd };
  const power = (limit: number, side: "greater" | "less") => conditionalPower(state, limit, side, most, critical);
  return Math.max(power(0, "greater"), power(0, "less"), Math.min(power(-margin, "greater"), power(margin, "less")));
}

function claimQuestions(results: RunResults, design: SequentialDesign): Question[] {
  const tested = judgedClaims(results).filter(({ findings }) => findings.length > 0);
  const open = tested.filter(({ verdict }) => verdict === "undecided");
  const critical = criticalOf(design, open.length);
  const most = design.looks[design.looks.length - 1].length;
  return tested.map(({ claim, verdict, findings }) => ({
    name: claim.id,
    verdict: verdict === "undecided" ? null : verdict,
    prospect: verdict === "undecided" ? claimProspect(findings, most, critical) : null,
  }));
}

function rankingQuestions(results: RunResults, design: SequentialDesign): Question[] {
  const all = configurations(results);
  const comparisons: Comparisons = comparisonsOf(results, all);
  const open = comparisons.pairs.filter(({ judged }) => judged.verdict === "undecided").length;
  const most = design.looks[design.looks.length - 1].length;
  return rankingsByData(rankConfigurations(all, comparisons)).flatMap(({ title, rows }) =>
    rows.flatMap(({ standing, configuration, comparison, rivals }): Question[] => {
      if (!comparison) return [];
      const undecided = standing === "undecided";
      const critical = criticalOf(design, Math.min(open, rivals));
      return [
        {
          name: title === null ? configuration.label : `${title}: ${configuration.label}`,
          verdict: undecided ? null : standing,
          prospect: undecided ? comparisonProspect(comparison, comparisons.margin, most, critical) : null,
        },
      ];
    }),
  );
}

const isFutile = ({ verdict, prospect }: Question): boolean =>
  verdict === null && prospect !== null && prospect < FUTILE;

/** Whether the study is over at this look, and why. */
export function endOf({ questions, fraction }: Look, { futility }: SequentialDesign): Looks["end"] {
  const open = questions.filter(({ verdict }) => verdict === null);
  if (open.length === 0) return "decided";
  if (fraction >= 1) return "all seeds";
  return futility === "stop" && open.every(isFutile) ? "futile" : null;
}

/** The looks of a run that are complete, one after the other; null where the number of seeds was fixed. */
export function sequentialLooks(results: RunResults): Looks | null {
  const found = looksOf(results);
  if (!found) return null;
  const { design, taken } = found;
  const planned = plannedLooks(design);
  const claims = judgedClaims(results).some(({ findings }) => findings.length > 0);
  const looks = planned.slice(0, taken).map((plan, k): Look => {
    const then = asOfLook(results, design, k);
    const questions = (claims ? claimQuestions : rankingQuestions)(then, design);
    return {
      ...plan,
      trials: then.trials.length,
      seconds: then.trials.reduce((sum, { history }) => sum + history.reduce((s, e) => s + e.seconds, 0), 0),
      questions: plan.fraction < 1 ? questions : questions.map((q) => ({ ...q, prospect: null })),
    };
  });
  const last = looks.at(-1);
  return {
    design,
    of: claims ? "claims" : "comparisons",
    planned,
    taken: looks,
    end: last ? endOf(last, design) : null,
  };
}

/** A look for programs. */
export const lookJson = ({ questions, ...look }: Look): object => ({
  ...look,
  decided: questions.filter(({ verdict }) => verdict !== null).length,
  questions,
});

/** All of the design for programs. */
export const looksJson = ({ design, of, planned, taken, end }: Looks): object => ({
  rule: "decided",
  spending: design.spending,
  futility: design.futility,
  level: LEVEL,
  maxSeeds: planned[planned.length - 1].seeds,
  of,
  end,
  planned,
  taken: taken.map(lookJson),
});

/** `0.079 %` of a level. */
export const levelText = (value: number): string => `${Number((100 * value).toPrecision(2))} %`;

export const spendingName = ({ spending }: SequentialDesign): string =>
  spending === "pocock" ? "Pocock" : "O'Brien and Fleming";

/** `3, 6, 9, … 30` */
export function lookSizes({ looks }: SequentialDesign): string {
  const sizes = looks.map((l) => String(l.length));
  return (sizes.length > 5 ? [...sizes.slice(0, 3), `… ${sizes[sizes.length - 1]}`] : sizes).join(", ");
}

/** `looks at 3, 6, 9, … 30 seeds` */
export const designText = (design: SequentialDesign): string => `looks at ${lookSizes(design)} seeds`;

/** `B (conditional power 3 %)` */
const openText = (question: Question): string =>
  isFutile(question) ? `${question.name} (hardly to be decided: conditional power ${levelText(question.prospect!)})` : question.name; // biome-ignore format: one line

/** What a look found and what was spent until then. */
export function lookText({ seeds, trials, seconds, levelSpent, questions }: Look): string {
  const open = questions.filter(({ verdict }) => verdict === null);
  const decided = `${questions.length - open.length} of ${questions.length} decided`;
  const shown = open.length > 4 ? [...open.slice(0, 3).map(openText), `${open.length - 3} others`] : open.map(openText);
  const names = open.length > 0 ? `; open: ${shown.join(", ")}` : "";
  return `${plural(seeds, "seed")}: ${decided}${names} · ${costText({ trials, seconds, levelSpent })}`;
}

/** `24 trials, 1.4 s of training, 0.079 % of the 5 % spent` */
const costText = ({ trials, seconds, levelSpent }: Pick<Look, "trials" | "seconds" | "levelSpent">): string =>
  `${plural(trials, "trial")}, ${duration(seconds)} of training, ${levelText(levelSpent)} of the level's ${levelText(LEVEL)} spent`;

/** How the design ended, and what it cost; null before its first look. */
export function endText({ taken, planned, end }: Looks): string | null {
  const last = taken.at(-1);
  if (!last) return null;
  const most = planned[planned.length - 1].seeds;
  const open = last.questions.filter(({ verdict }) => verdict === null).length;
  const cost = costText(last);
  switch (end) {
    case "decided":
      return `All is decided after ${last.seeds} of at most ${plural(most, "seed")}: ${cost}.`;
    case "all seeds":
      return `${open} of ${last.questions.length} undecided after all ${plural(most, "seed")}: ${cost}.`;
    case "futile":
      return `Stopped with ${open} of ${last.questions.length} undecided after ${last.seeds} of at most ${plural(most, "seed")}, as more would hardly decide them: ${cost}.`;
    case null:
      return `${open} of ${last.questions.length} undecided so far, at ${last.seeds} of at most ${plural(most, "seed")}: ${cost}.`;
  }
}
