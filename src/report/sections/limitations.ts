import { percent, plural } from "../../util/format.ts";
import { canonicalJson } from "../../util/hash.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { curve } from "../curves.ts";
import { prose, type Section } from "../document.ts";
import { dataTitle, specLabel } from "../labels.ts";
import { warningsOf } from "../tuning-words.ts";
import { named } from "../wording.ts";
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
    chanceLevel,
    underpowered,
  ].flatMap((look) => look(context) ?? []);
  return {
    id: "limitations",
    heading: "Limitations",
    blocks: found.length > 0 ? [{ kind: "list", items: found }] : [prose("None of the usual ones was found.")],
  };
}

type Look = (context: ReportContext) => string | null;

const unfinished: Look = ({ results: { run, trials } }) => {
  const open = trials.filter((t) => t.status === "planned" || t.status === "running").length;
  if (run.state === "finished" && open === 0) return null;
  return `The run is ${run.state}: ${open} of ${plural(trials.length, "trial")} have not ended, so means may still change.`;
};

const seeds: Look = ({ configurations }) => {
  const most = Math.max(...configurations.map((c) => c.trials.length));
  if (configurations.length === 0 || most >= ENOUGH_SEEDS) return null;
  if (most === 1) return "One seed: no interval can be given, and no order between configurations can be decided.";
  return `${most} seeds: intervals are wide (${most === 2 ? "12.7" : most === 3 ? "4.3" : "3.2"} standard errors on either side) and rest on the assumption of normally distributed seeds; ${ENOUGH_SEEDS} or more are better.`;
};

const sequential: Look = ({ looks }) =>
  looks && looks.taken.length > 1
    ? "Seeds were added while differences were looked at: tests of pairs and claims allow for that; means of single configurations with their intervals, main effects and ranks do not, and a study that ends early tends to show large differences."
    : null;

const unequal: Look = ({ configurations }) => {
  const lost = configurations.filter(
    (c) => c.done.length > 0 && c.done.length < c.trials.length && c.diverged.length > 0,
  );
  if (lost.length === 0) return null;
  return `The figures of ${named(lost.map((c) => c.label))} are of the seeds that did not diverge: they describe its luckier trials.`;
};

const validation: Look = ({ hasValidation, results }) =>
  hasValidation || results.trials.every((t) => t.history.length === 0)
    ? null
    : "No validation split: only final-epoch figures are given, and whatever is chosen by looking at this report is chosen on the test set.";

const noisyTraining: Look = ({ configurations }) =>
  configurations.some((c) => c.data.labelNoise !== null && typeof c.data.labelNoise === "object")
    ? "Labels of the training split were changed on purpose: training figures count hits on wrong labels too, so those on the test set alone tell what was learned."
    : null;

const distinct = (configurations: readonly Configuration[], part: (c: Configuration) => unknown): number =>
  new Set(configurations.map((c) => canonicalJson(part(c)))).size;

const oneOfAKind: Look = ({ configurations }) => {
  const sets = [...new Set(configurations.map((c) => dataTitle(c.data)))];
  const one = [
    ...(sets.length === 1 ? [`one data set (${sets[0]})`] : []),
    ...(distinct(configurations, (c) => c.model) === 1 ? [`one model (${specLabel(configurations[0].model)})`] : []),
  ];
  return one.length > 0
    ? `Seen on ${one.join(" and ")}: other data or models may order the configurations differently.`
    : null;
};

const untuned: Look = ({ configurations, tuning }) =>
  !tuning?.space.some(({ key }) => key.startsWith("optimizer.")) &&
  distinct(configurations, (c) => c.loss) > 1 &&
  distinct(configurations, (c) => c.optimizer) === 1
    ? `All losses share one optimizer setting (${specLabel(configurations[0].optimizer)}); losses differ in the size of their gradients, so this setting suits some better than others.`
    : null;

const tunedAtEdge: Look = ({ tuning }) => (tuning && warningsOf(tuning).join(" ")) || null;

const rising: Look = ({ learned, epochs }) => {
  const still = learned.filter((c) => {
    const points = curve(c.done, testAccuracy);
    const before = points.findLast((p) => p.epoch <= epochs - Math.max(1, Math.round(epochs / 10)));
    return before && points[points.length - 1].mean - before.mean > STILL_RISING;
  });
  if (still.length === 0) return null;
  return `Test accuracy of ${named(still.map((c) => c.label))} still rises by more than ${percent(STILL_RISING)} points in the last tenth of the epochs: the order after longer training may differ.`;
};

const chanceLevel: Look = ({ rows }) => {
  const low = rows.filter((r) => r.chance).map((r) => r.configuration.label);
  return low.length > 0
    ? `${named(low)} did not learn in this setting; that says more about the setting (learning rate, number of epochs) than about what the loss can reach.`
    : null;
};

/** A test that would hardly find a difference that matters says little by not finding one. */
const underpowered: Look = ({ rows, comparisons: { power, margin } }) => {
  const open = rows.flatMap((r) =>
    r.standing === "undecided" && r.comparison && !r.chance
      ? [{ label: r.configuration.label, at: power(r.comparison) }]
      : [],
  );
  const weak = open.filter((o) => o.at !== null && o.at < ENOUGH_POWER) as { label: string; at: number }[];
  if (weak.length === 0) return null;
  const least = Math.min(...weak.map((o) => o.at));
  return `Too few seeds for small differences: one of ${percent(margin)} points between the first and ${named(weak.map((o) => o.label))} would be found in ${weak.length > 1 ? "as few as " : ""}${(100 * least).toFixed(0)} % of such studies.`;
};
