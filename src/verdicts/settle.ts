/** Answers a question over several studies from their stored trials. Pure. */
import { checkClaim, evidence } from "../claims/evidence.ts";
import { checkSelector, selects } from "../claims/select.ts";
import { type JudgedClaim, judgeClaims } from "../claims/verdict.ts";
import { comparisonsOf, finalBySeed } from "../report/comparisons.ts";
import { type Configuration, configurations, partsOf } from "../report/configurations.ts";
import { conditionLabels, specLabel } from "../report/labels.ts";
import { type RankingRow, rankConfigurations, rankingsByData } from "../report/ranking.ts";
import { compared, tunes, untuned } from "../report/stages.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import type { Setting, VerdictQuestion } from "./verdict-file.ts";

/** One loss in one set-up. */
export interface Contender {
  /** The same for a loss in all set-ups. */
  loss: string;
  row: RankingRow;
}

/** Who is first in one set-up, on one of its data: a question of its own, corrected for its own losses alone. */
export interface Contest {
  setting: Setting;
  /** What the data are called among those of the study; null where there is only one. */
  data: string | null;
  hyperparameters: "as stated" | "tuned";
  /** Best first; those without a result last. */
  contenders: Contender[];
  /** Seeds that finished with every loss that has a result. */
  seeds: number;
  /** How often each loss was first among those seeds, most often first. */
  firsts: { loss: string; times: number }[];
}

export interface Settled {
  question: VerdictQuestion;
  contests: Contest[];
  /** Set-ups of which the store has no finished trial. */
  missing: Setting[];
  /** Of each reason, judged together with those of all others. */
  claims: JudgedClaim[][];
}

const lossOf = (c: Configuration): string => specLabel(c.loss);

/** The configurations of a set-up may differ in loss and data alone: else no loss would be compared with another. */
function checkAlike({ setting, study }: Setting, all: readonly Configuration[]): void {
  const rest = (c: Configuration) => canonicalJson({ ...partsOf(c.trials[0].trial), loss: null, data: null });
  if (new Set(all.map(rest)).size > 1)
    throw new UserError(`its trials of ${study} differ in more than loss and data`, setting, "select: …");
}

function firstsOf(rows: readonly RankingRow[]): Pick<Contest, "seeds" | "firsts"> {
  const ranked = rows.filter((r) => r.rank !== null).map((r) => r.configuration);
  const bySeed = ranked.map((c) => ({ loss: lossOf(c), accuracies: finalBySeed(c) }));
  const seeds = [...(bySeed[0]?.accuracies.keys() ?? [])].filter((s) => bySeed.every((b) => b.accuracies.has(s)));
  const times = new Map<string, number>();
  for (const seed of seeds) {
    const best = Math.max(...bySeed.map((b) => b.accuracies.get(seed)!));
    // Losses that are the same in every digit share a seed.
    for (const { loss, accuracies } of bySeed)
      if (accuracies.get(seed) === best) times.set(loss, (times.get(loss) ?? 0) + 1);
  }
  const firsts = [...times].map(([loss, n]) => ({ loss, times: n })).sort((a, b) => b.times - a.times);
  return { seeds: seeds.length, firsts };
}

function contestsOf(setting: Setting, results: RunResults, hyperparameters: Contest["hyperparameters"]): Contest[] {
  for (const selector of setting.select) checkSelector(selector, results.trials.map(({ trial }) => trial)); // biome-ignore format: one line
  const trials = results.trials.filter(({ trial }) => setting.select.every((s) => selects(s, trial)));
  if (trials.length === 0)
    throw new UserError(`no trial of ${setting.study} is meant by its selection`, setting.setting);
  const some: RunResults = { ...results, trials };
  const all = configurations(some);
  checkAlike(setting, all);
  const comparisons = comparisonsOf(some, all);
  const groups = rankingsByData(rankConfigurations(all, comparisons));
  const names = conditionLabels(groups.map(({ rows }) => rows[0].configuration.data));
  return groups.map(({ rows }, i) => ({
    setting,
    data: groups.length > 1 ? names[i] : null,
    hyperparameters,
    contenders: rows.map((row) => ({ loss: lossOf(row.configuration), row })),
    ...firstsOf(rows),
  }));
}

/** @param studies results of each study that the store has, by its name */
export function settle(question: VerdictQuestion, studies: ReadonlyMap<string, RunResults>): Settled {
  const contests = question.settings.flatMap((setting) => {
    const results = studies.get(setting.study);
    if (!results) return [];
    const stated = contestsOf(setting, untuned(results), "as stated");
    const tuned = tunes(results) && compared(results).trials.some((t) => t.roles) ? contestsOf(setting, compared(results), "tuned") : []; // biome-ignore format: one line
    return [...stated, ...tuned].filter(({ seeds }) => seeds > 0);
  });
  const spoken = (names: readonly string[] = []): TrialResult[] => [
    ...new Map(
      names
        .flatMap((name) => (studies.has(name) ? untuned(studies.get(name)!).trials : []))
        .map((t) => [t.trial.id, t]),
    ).values(),
  ];
  for (const claim of question.reasons.flatMap(({ claims }) => claims)) {
    const trials = spoken(claim.claim.in);
    if (trials.length > 0) checkClaim(claim, trials.map(({ trial }) => trial)); // biome-ignore format: one line
  }
  const judged = judgeClaims(
    question.reasons.flatMap(({ claims }) => claims.map((claim) => evidence(claim, spoken(claim.claim.in)))),
  );
  let at = 0;
  return {
    question,
    contests,
    missing: question.settings.filter((setting) => !contests.some((c) => c.setting === setting)),
    claims: question.reasons.map(({ claims }) => judged.slice(at, (at += claims.length))),
  };
}
