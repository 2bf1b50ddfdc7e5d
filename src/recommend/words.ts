/** A recommendation in sentences, every number from the verdict and the findings. */
import { count, listed, percent, plural, points, pointsInterval, pValue } from "../util/format.ts";
import { type Findings, isNoisy, isUnbalanced } from "./findings.ts";
import { MARGIN, type Standing, type Verdict } from "./verdict.ts";

const MEASURES = { accuracy: "accuracy", balancedAccuracy: "balanced accuracy" } as const;

/** What the data look like. */
export function findingsText(findings: Findings): string[] {
  const { classes, counts, testExamples, imbalance, noise } = findings;
  const training = counts.reduce((a, b) => a + b, 0);
  const sizes = [...counts].sort((a, b) => b - a);
  const balance = isUnbalanced(findings)
    ? `unbalanced: ${count(sizes[0])} to ${count(sizes[sizes.length - 1])} examples of a class`
    : `balanced: the largest class has ${imbalance.toFixed(1)} times the examples of the smallest`;
  const pairs = noise.pairs
    .filter((p) => p.share >= 0.05)
    .map((p) => `${classes[p.label]} for ${classes[p.meant]} (${percent(p.share)} %)`);
  return [
    `${plural(classes.length, "class", "classes")}, ${count(training)} training and ${count(testExamples)} test examples; ${balance}.`,
    `Networks that were not trained on them contradict ${percent(noise.error)} % of ${count(noise.examples)} labels, ${percent(noise.share)} % with confidence; some of these are the networks' own mistakes. ${
      isNoisy(findings)
        ? `The labels are taken to be noisy${pairs.length > 0 ? `, most of all ${listed(pairs)}` : ""}.`
        : "The labels are taken to be clean."
    }`,
  ];
}

const settings = ({ values }: Pick<Standing, "values">): string =>
  Object.entries(values)
    .map(([key, value]) => `${key === "optimizer.learningRate" ? "learning rate" : key} ${value}`)
    .join(", ");

const differenceText = ({ difference, adjustedP }: Standing): string =>
  difference
    ? `${pointsInterval(difference.mean, difference.halfWidth)} points${adjustedP === null ? "" : `, p ${adjustedP < 0.001 ? "" : "= "}${pValue(adjustedP)}`}`
    : "no result";

/** The answer, how sure it is, and what would make it surer. */
export function verdictText(verdict: Verdict): string[] {
  const { kind, recommended, baseline, standings, alike, measure, needed } = verdict;
  const others = standings.filter((s) => s !== baseline);
  const judged = others.filter((s) => s.difference);
  const [any] = judged;
  const basis = any
    ? `95 % ${judged.length === 1 ? "interval" : "intervals"} over ${plural(any.difference!.seeds, "seed")} and ${count(any.difference!.examples)} test examples, p corrected for ${plural(judged.length, "loss", "losses")}`
    : "";
  const what = MEASURES[measure];
  const reached = (s: Standing): string => (s.mean === null ? "no result" : `${percent(s.mean)} %`);
  const lines: string[] = [];
  if (kind === "better") {
    lines.push(
      `Use ${recommended.label} (Adam, ${settings(recommended)}): ${reached(recommended)} ${what}, ${baseline.label} ${reached(baseline)}, ${differenceText(recommended)} (${basis}).`,
    );
    if (alike.length > 0)
      lines.push(
        `${listed(alike)} ${alike.length === 1 ? "beats" : "beat"} ${baseline.label} too and cannot be told apart from it.`,
      );
  } else if (kind === "same") {
    lines.push(
      `The loss does not matter here: none is better than ${baseline.label}, and those that are not worse differ from it by less than ${percent(MARGIN)} points of ${what}. Use ${baseline.label} (Adam, ${settings(baseline)}), which reaches ${reached(baseline)}.`,
    );
  } else {
    lines.push(
      `No loss is better than ${baseline.label} beyond doubt. Use ${baseline.label} (Adam, ${settings(baseline)}), which reaches ${reached(baseline)} ${what}.`,
    );
    const open = others.filter((s) => s.judgement === "open");
    lines.push(`Undecided: ${listed(open.map((s) => `${s.label} (${differenceText(s)})`))}; ${basis}.`);
  }
  const contested = others.filter((s) => s.contestedBy.length > 0);
  if (contested.length > 0) {
    const how = new Set(contested.flatMap((s) => s.contestedBy.map((values) => settings({ values }))));
    lines.push(
      `${listed(contested.map((s) => s.label))} ${contested.length === 1 ? "is" : "are"} ahead of ${baseline.label} as it was tuned, but not beyond doubt of ${baseline.label} with ${[...how].join(" or ")}, which also came to the last choice: what differs is the setting.`,
    );
  }
  const worse = others.filter((s) => s.judgement === "worse");
  if (worse.length > 0)
    lines.push(`Worse than ${baseline.label}: ${listed(worse.map((s) => `${s.label} (${differenceText(s)})`))}.`);
  const same = kind === "same" ? [] : others.filter((s) => s.judgement === "same");
  if (same.length > 0)
    lines.push(`As good as ${baseline.label} within ${percent(MARGIN)} points: ${listed(same.map((s) => s.label))}.`);
  const lost = others.filter((s) => s.mean === null);
  if (lost.length > 0) lines.push(`Diverged with a seed or more: ${listed(lost.map((s) => s.label))}.`);
  if (needed) {
    const { label, seeds, examples, both } = needed;
    const ways = [
      ...(seeds === null ? [] : [`${plural(seeds, "seed")}`]),
      ...(examples === null ? [] : [`${count(examples)} test examples`]),
    ];
    const [how, not] =
      ways.length === 0
        ? [`${plural(both.seeds, "seed")} together with ${count(both.examples)} test examples`, "neither alone would"]
        : [ways.join(" or "), seeds === null ? "more seeds alone would not" : ""];
    lines.push(`If ${label} is as it looks, about ${how} would settle it${not && `; ${not}`}.`);
  }
  return lines;
}

/** Tells losses apart that are far from the baseline: their difference and judgement in a row each. */
export const standingRows = ({ standings, baseline }: Verdict): string[][] =>
  standings.map((s) => [
    s.label,
    settings(s),
    s.mean === null ? "–" : percent(s.mean),
    s === baseline ? "" : s.difference ? pointsInterval(s.difference.mean, s.difference.halfWidth) : "–",
    s.difference
      ? `${points(Math.sqrt(s.difference.ofSeeds)).slice(1)}, ${points(Math.sqrt(s.difference.ofExamples)).slice(1)}`
      : "",
    s === baseline ? "baseline" : s.judgement === "open" ? "undecided" : (s.judgement ?? "no result"),
  ]);

export const standingColumns = ({ measure }: Verdict): string[] => [
  "loss",
  "tuned",
  `${MEASURES[measure]}, %`,
  "to the baseline, points",
  "standard error: seeds, examples",
  "",
];

/** Said of all recommendations from noisy data. */
export const NOISE_NOTE =
  "If the labels are as noisy as they look, so are those for testing, which come from the same hands: accuracies on clean labels would be higher. Evenly spread noise lowers those of all losses alike and leaves their order; noise that prefers certain classes need not.";
