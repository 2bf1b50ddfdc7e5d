import { tQuantile } from "../../stats/distributions/student-t.ts";
import { canonicalJson } from "../../util/hash.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { curve } from "../curves.ts";
import { prose, type Said, type Section } from "../document.ts";
import { dataTitle, specLabel } from "../labels.ts";
import { warningsOf } from "../tuning-words.ts";
import { CONVERGED_PERCENT, stillChanging } from "./convergence.ts";
import { testAccuracy } from "./curves.ts";

const ENOUGH_SEEDS = 5;
/** The power that studies are usually planned for. */
const ENOUGH_POWER = 0.8;
/** A rise of the mean test accuracy in the last tenth of the epochs that says training was too short. */
const STILL_RISING = 0.002;

/** What this run cannot say, found by looking at it. */
export function limitationsSection(context: ReportContext): Section {
  const found = [
    unfinished,
    seeds,
    sequential,
    unequal,
    validation,
    noisyTraining,
    oneOfAKind,
    untuned,
    tunedAtEdge,
    rising,
    unconverged,
    chanceLevel,
    underpowered,
  ].flatMap((look) => look(context) ?? []);
  return {
    id: "limitations",
    heading: context.words.limitations.heading,
    blocks: found.length > 0 ? [{ kind: "list", items: found }] : [prose(context.words.limitations.none)],
  };
}

type Look = (context: ReportContext) => Said | null;

const unfinished: Look = ({ results: { run, trials }, words }) => {
  const open = trials.filter((t) => t.status === "planned" || t.status === "running").length;
  if (run.state === "finished" && open === 0) return null;
  return words.limitations.unfinished({ state: run.state, open, trials: trials.length });
};

const seeds: Look = ({ configurations, words: { limitations } }) => {
  const most = Math.max(...configurations.map((c) => c.trials.length));
  if (configurations.length === 0 || most >= ENOUGH_SEEDS) return null;
  if (most === 1) return limitations.oneSeed;
  return limitations.fewSeeds({ seeds: most, errors: tQuantile(0.975, most - 1), enough: ENOUGH_SEEDS });
};

const sequential: Look = ({ looks, words }) => (looks && looks.taken.length > 1 ? words.limitations.sequential : null);

const unequal: Look = ({ configurations, words }) => {
  const lost = configurations.filter(
    (c) => c.done.length > 0 && c.done.length < c.trials.length && c.diverged.length > 0,
  );
  return lost.length === 0 ? null : words.limitations.lucky({ whos: lost.map(who) });
};

const validation: Look = ({ hasValidation, results, words }) =>
  hasValidation || results.trials.every((t) => t.history.length === 0) ? null : words.limitations.noValidation;

const noisyTraining: Look = ({ configurations, words }) =>
  configurations.some((c) => c.data.labelNoise !== null && typeof c.data.labelNoise === "object")
    ? words.limitations.noisyTraining
    : null;

const distinct = (configurations: readonly Configuration[], part: (c: Configuration) => unknown): number =>
  new Set(configurations.map((c) => canonicalJson(part(c)))).size;

const oneOfAKind: Look = ({ configurations, words }) => {
  const [data, ...others] = new Set(configurations.map((c) => dataTitle(c.data)));
  const one = {
    data: others.length === 0 ? (data ?? null) : null,
    model: distinct(configurations, (c) => c.model) === 1 ? specLabel(configurations[0].model) : null,
  };
  return one.data === null && one.model === null ? null : words.limitations.oneOfAKind(one);
};

const untuned: Look = ({ configurations, tuning, words }) =>
  !tuning?.space.some(({ key }) => key.startsWith("optimizer.")) &&
  distinct(configurations, (c) => c.loss) > 1 &&
  distinct(configurations, (c) => c.optimizer) === 1
    ? words.limitations.untuned({ optimizer: specLabel(configurations[0].optimizer) })
    : null;

const tunedAtEdge: Look = ({ tuning, words }) => (tuning && words.tuning.sentences(warningsOf(tuning, words))) || null;

const rising: Look = ({ learned, epochs, words }) => {
  const still = learned.filter((c) => {
    const points = curve(c.done, testAccuracy);
    const before = points.findLast((p) => p.epoch <= epochs - Math.max(1, Math.round(epochs / 10)));
    return before && points[points.length - 1].mean - before.mean > STILL_RISING;
  });
  return still.length === 0 ? null : words.limitations.rising({ whos: still.map(who), by: STILL_RISING });
};

const unconverged: Look = ({ learned, words }) => {
  const whos = stillChanging(learned).map(who);
  return whos.length === 0 ? null : words.limitations.unconverged({ whos, percent: CONVERGED_PERCENT });
};

const chanceLevel: Look = ({ rows, words }) => {
  const whos = rows.filter((r) => r.chance).map((r) => who(r.configuration));
  return whos.length > 0 ? words.limitations.atChance({ whos }) : null;
};

/** A test that would hardly find a difference that matters says little by not finding one. */
const underpowered: Look = ({ rows, comparisons: { power, margin }, words }) => {
  const weak = rows.flatMap((r) => {
    if (r.standing !== "undecided" || !r.comparison || r.chance) return [];
    const at = power(r.comparison, r.rivals);
    return at !== null && at < ENOUGH_POWER ? [{ who: who(r.configuration), at }] : [];
  });
  if (weak.length === 0) return null;
  return words.limitations.underpowered({
    whos: weak.map((o) => o.who),
    margin,
    power: Math.min(...weak.map((o) => o.at)),
  });
};
