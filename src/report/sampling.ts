/** How a run's seeds were gathered: at once, or look by look as its study stated beforehand. */
import type { RunResults, TrialResult } from "../run/records.ts";
import type { Sampling } from "../stats/sampling.ts";
import { designOf, type SequentialDesign } from "../study/until.ts";

const hasEnded = ({ status }: TrialResult): boolean => status !== "planned" && status !== "running";

/** The design of a run and how many of its looks are complete: all of their trials have ended; null where seeds were fixed. */
export function looksOf({ run, trials }: RunResults): { design: SequentialDesign; taken: number } | null {
  const design = designOf(run.spec);
  if (!design) return null;
  const known = new Set(trials.map(({ trial }) => trial.seed));
  const open = new Set(trials.filter((t) => !hasEnded(t)).map(({ trial }) => trial.seed));
  const next = design.looks.findIndex((seeds) => seeds.some((seed) => !known.has(seed) || open.has(seed)));
  return { design, taken: next < 0 ? design.looks.length : next };
}

/** What tests of a run must know of its looks; undefined where seeds were fixed. Trials since the last look are not looked at. */
export function samplingOf(results: RunResults): Sampling | undefined {
  const looks = looksOf(results);
  if (!looks) return undefined;
  const { fractions, spending } = looks.design;
  return {
    design: { fractions, spending },
    looks: looks.design.looks.slice(0, looks.taken).map((seeds) => new Set(seeds)),
  };
}

/** The results as they were at a look, counted from 0. */
export function asOfLook({ run, trials }: RunResults, { looks }: SequentialDesign, look: number): RunResults {
  const seeds = new Set(looks[look]);
  const then = trials.filter(({ trial }) => seeds.has(trial.seed));
  const ids = new Set(then.map(({ trial }) => trial.id));
  return { run: { ...run, trials: run.trials.filter((id) => ids.has(id)) }, trials: then };
}
