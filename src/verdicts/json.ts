/** A settled question for programs. */
import type { Settled } from "./settle.ts";
import { tally } from "./tally.ts";

export const verdictJson = ({ question, contests, missing, claims }: Settled): object => ({
  title: question.title,
  losses: tally(contests),
  comparisons: contests.map(({ setting, data, hyperparameters, contenders, seeds, firsts }) => ({
    setting: setting.setting,
    study: setting.study,
    data,
    hyperparameters,
    seeds,
    firsts,
    losses: contenders.map(({ loss, row }) => ({
      loss,
      bestP: row.bestP,
      rank: row.rank,
      standing: row.standing,
      chance: row.chance,
      testAccuracy: row.configuration.summaries.testAccuracy,
      difference: row.difference,
      adjustedP: row.comparison?.adjustedP ?? null,
    })),
  })),
  missing: missing.map(({ setting, study }) => ({ setting, study })),
  reasons: question.reasons.map(({ why, says }, i) => ({
    why,
    says,
    claims: claims[i].map(({ claim, verdict, adjustedP, seeds }) => ({ ...claim, verdict, adjustedP, seeds })),
  })),
});
