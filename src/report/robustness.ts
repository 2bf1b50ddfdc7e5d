/** What became of trials whose test examples were disturbed, as tables and pictures need it. */
import * as corruptions from "../corruptions/index.ts";
import { type CorruptionErrors, meanCorruptionError, relativeCorruptionError } from "../metrics/index.ts";
import { isRobustness, questionKey, type Robustness, type RobustnessQuestion } from "../run/observations.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import type { Summary } from "../stats/summary.ts";
import { canonicalJson } from "../util/hash.ts";
import { zoo } from "../zoo/index.ts";
import { type Configuration, over } from "./configurations.ts";

/** One thing that was done to test examples, at one strength. */
export interface Disturbance {
  /** Of the question. */
  key: string;
  kind: "corruption" | "noise" | "attack";
  /** What is the same at all strengths: a corruption's name, `noise`, an attack with its other parameters. */
  family: string;
  /** The name in tables and CSV. */
  title: string;
  /** Of an attack on the loss that a trial was trained with, instead of cross-entropy. */
  onOwnLoss?: boolean;
  /** What the strength is. */
  unit: "severity" | "σ" | "ε";
  strength: number;
}

/** A family's disturbances, weakest first. */
export interface Family extends Pick<Disturbance, "kind" | "family" | "title" | "onOwnLoss" | "unit"> {
  members: Disturbance[];
}

const DEFAULTS = { examples: 1000, seed: 0 };

/** The examples that the run's study disturbs; answers about others, which earlier studies asked, are left out. */
function isOfRun({ run }: RunResults): (question: RobustnessQuestion) => boolean {
  const said = run.spec.robustness;
  const own = said && typeof said === "object" ? (said as Partial<typeof DEFAULTS>) : {};
  const { examples, seed } = { ...DEFAULTS, ...own };
  return (q) => q.examples === examples && q.seed === seed;
}

function disturbanceOf(question: RobustnessQuestion): Disturbance | null {
  const key = questionKey(question);
  switch (question.kind) {
    case "clean":
      return null;
    case "noise":
      return { key, kind: "noise", family: "noise", title: "noise on inputs", unit: "σ", strength: question.sigma };
    case "corruption": {
      const { name, severity } = question;
      const { title } = (corruptions as Record<string, { title: string }>)[name] ?? { title: name };
      return { key, kind: "corruption", family: name, title, unit: "severity", strength: severity };
    }
    case "attack": {
      const [[name, { epsilon, ...others }]] = Object.entries(question.attack);
      const family = canonicalJson([name, others, question.objective]);
      return {
        key,
        kind: "attack",
        family,
        title: zoo.attacks[name]?.title ?? name,
        onOwnLoss: question.objective === "own",
        unit: "ε",
        strength: epsilon as number,
      };
    }
  }
}

const answersOf = ({ observations }: TrialResult): [RobustnessQuestion, Robustness][] =>
  observations.flatMap(({ question, answer }) =>
    isRobustness(question) ? [[question, answer as Robustness] as [RobustnessQuestion, Robustness]] : [],
  );

/** All that is known of a run's robustness. */
export interface RobustnessResults {
  families: Family[];
  /** Test examples that were disturbed. */
  examples: number;
  /** Of a trial under a disturbance, or of its undisturbed examples. */
  find(trial: TrialResult, disturbance: Disturbance | "clean"): Robustness | undefined;
}

/** Null when nothing was asked. */
export function robustnessOf(results: RunResults): RobustnessResults | null {
  const asked = isOfRun(results);
  const byTrial = new Map<string, Map<string, Robustness>>();
  const families = new Map<string, Family>();
  let examples = 0;
  for (const result of results.trials) {
    const own = new Map<string, Robustness>();
    byTrial.set(result.trial.id, own);
    for (const [question, answer] of answersOf(result)) {
      if (!asked(question)) continue;
      const disturbance = disturbanceOf(question);
      own.set(disturbance?.key ?? "clean", answer);
      examples = Math.max(examples, answer.examples);
      if (!disturbance) continue;
      const { kind, family, title, onOwnLoss, unit, key } = disturbance;
      const known = families.get(family) ?? { kind, family, title, ...(onOwnLoss && { onOwnLoss }), unit, members: [] };
      families.set(family, known);
      if (!known.members.some((m) => m.key === key)) known.members.push(disturbance);
    }
  }
  if (families.size === 0) return null;
  const order = { corruption: 0, noise: 1, attack: 2 };
  for (const { members } of families.values()) members.sort((a, b) => a.strength - b.strength);
  return {
    families: [...families.values()].sort((a, b) => order[a.kind] - order[b.kind] || (a.family < b.family ? -1 : 1)),
    examples,
    find: ({ trial }, d) => byTrial.get(trial.id)?.get(d === "clean" ? "clean" : d.key),
  };
}

/** Over the seeds: what a measure is under a disturbance. */
export const under = (
  { find }: RobustnessResults,
  { done }: Configuration,
  disturbance: Disturbance | "clean",
  read: (found: Robustness, clean: Robustness) => number,
): Summary | null =>
  over(done, (t) => {
    const [found, clean] = [find(t, disturbance), find(t, "clean")];
    return found && clean ? read(found, clean) : undefined;
  });

/** Mean test errors over the seeds at each severity, by corruption; null where one is missing. */
function errorsOf(results: RobustnessResults, configuration: Configuration): CorruptionErrors | null {
  const families = results.families.filter((f) => f.kind === "corruption");
  const errors = families.map(({ family, members }) => {
    const each = members.map((m) => under(results, configuration, m, (found) => 1 - found.accuracy)?.mean);
    return each.every((e) => e !== undefined) ? ([family, each as number[]] as const) : null;
  });
  if (errors.length === 0 || errors.some((e) => e === null)) return null;
  return Object.fromEntries(errors as [string, number[]][]);
}

/** The configuration that differs in the loss alone and was trained with cross-entropy; else the first that has results. */
export function referenceOf(
  configurations: readonly Configuration[],
  configuration: Configuration,
): Configuration | undefined {
  const others = ({
    loss: _,
    key: __,
    label: ___,
    style: ____,
    trials,
    done,
    diverged,
    summaries,
    ...rest
  }: Configuration) => canonicalJson(rest);
  const plain = (c: Configuration): boolean => "ce" in c.loss;
  const candidates = configurations.filter((c) => c.done.length > 0);
  return candidates.find((c) => plain(c) && others(c) === others(configuration)) ?? candidates[0];
}

/** Errors under corruption in units of a reference's. */
export interface CorruptionError {
  reference: Configuration;
  /** Mean of the test errors over corruptions and severities. */
  error: number;
  /** 1 for the reference itself. */
  mean: number;
  relative: number;
}

/** Null without corruptions, or where some are missing. */
export function corruptionErrorOf(
  results: RobustnessResults,
  configurations: readonly Configuration[],
  configuration: Configuration,
): CorruptionError | null {
  const reference = referenceOf(configurations, configuration);
  if (!reference) return null;
  const [own, other] = [errorsOf(results, configuration), errorsOf(results, reference)];
  const clean = (c: Configuration): number | undefined =>
    under(results, c, "clean", (found) => 1 - found.accuracy)?.mean;
  const [ownClean, otherClean] = [clean(configuration), clean(reference)];
  if (!own || !other || ownClean === undefined || otherClean === undefined) return null;
  const all = Object.values(own).flat();
  return {
    reference,
    error: all.reduce((a, b) => a + b, 0) / all.length,
    mean: meanCorruptionError(own, other),
    relative: relativeCorruptionError(own, ownClean, other, otherClean),
  };
}
