/** What a run did, as the methods section of a paper says it: a paragraph with its references, from the stored numbers alone. */
import * as sources from "../data/datasets/index.ts";
import { comparisonsOf } from "../report/comparisons.ts";
import { type Configuration, configurations } from "../report/configurations.ts";
import { dataTitle, specLabel, unpack } from "../report/labels.ts";
import { designText, sequentialLooks, spendingName } from "../report/looks.ts";
import { compared } from "../report/stages.ts";
import { tuningResults } from "../report/tuning.ts";
import { tuningMethod } from "../report/tuning-words.ts";
import { named } from "../report/wording.ts";
import type { RunResults, Spec, SplitMeasures } from "../run/records.ts";
import { conditionFields } from "../study/spec.ts";
import { count, listed, percent, plural } from "../util/format.ts";
import { canonicalJson } from "../util/hash.ts";
import type { Entry } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { latexText } from "./latex-text.ts";

export type MethodsFormat = "md" | "tex";

/** How a format says text, formulas and citations; the latter are counted from 1. */
interface Writer {
  text(plain: string): string;
  formula(latex: string): string;
  citation(place: number): string;
  /** The whole, with the references in order. */
  document(paragraphs: readonly string[], references: readonly string[]): string;
}

const WRITERS: Record<MethodsFormat, Writer> = {
  md: {
    text: (plain) => plain.replace(/[\\`*_[\]<>$]/g, "\\$&"),
    formula: (latex) => `$${latex}$`,
    citation: (place) => `[${place}]`,
    document: (paragraphs, references) =>
      [...paragraphs, ...(references.length > 0 ? [references.map((r, i) => `${i + 1}. ${r}`).join("\n")] : [])].join(
        "\n\n",
      ),
  },
  tex: {
    text: latexText,
    formula: (latex) => `$${latex}$`,
    citation: (place) => `\\cite{losslab:${place}}`,
    document: (paragraphs, references) =>
      [
        ...paragraphs,
        ...(references.length > 0
          ? [
              [
                "\\begin{thebibliography}{99}",
                ...references.map((r, i) => `\\bibitem{losslab:${i + 1}} ${r}`),
                "\\end{thebibliography}",
              ].join("\n"),
            ]
          : []),
      ].join("\n\n"),
  },
};

/** `SGD (learning rate 0.1, momentum 0.9)`, from the label `SGD lr 0.1, momentum 0.9`. */
function inProse(spec: Spec, entry: Entry | undefined): string {
  const label = specLabel(spec, undefined, entry);
  const said = entry && label.startsWith(`${entry.title} `) ? label.slice(entry.title.length + 1) : undefined;
  return said === undefined ? label : `${entry!.title} (${said.replace(/\blr\b/, "learning rate")})`;
}

/** A text in the making: its references in the order in which they are first cited. */
class Text {
  readonly references: string[] = [];
  constructor(readonly writer: Writer) {}

  /** ` [1]`, or nothing without a reference. */
  cite(reference: string | undefined): string {
    if (!reference) return "";
    const said = this.writer.text(reference);
    if (!this.references.includes(said)) this.references.push(said);
    return ` ${this.writer.citation(this.references.indexOf(said) + 1)}`;
  }

  /** `focal (γ=2) [1]`, with the formula where it is wanted. */
  member(kinds: Readonly<Record<string, Entry>>, spec: Spec, withFormula = false): string {
    const entry = kinds[unpack(spec)[0]] as Entry | undefined;
    const formula = withFormula && entry?.formula ? `, ${this.writer.formula(entry.formula)}` : "";
    return this.writer.text(inProse(spec, entry)) + formula + this.cite(entry?.reference);
  }
}

const distinct = <T>(all: readonly Configuration[], of: (c: Configuration) => T | undefined): T[] => {
  const found = all.map(of).filter((value): value is T => value !== undefined);
  return [...new Map(found.map((value) => [canonicalJson(value), value])).values()];
};

const examples = (measures: SplitMeasures | null | undefined): number =>
  (measures?.confusion ?? []).flat().reduce((a, b) => a + b, 0);

/** `55 000 examples for training`, where a confusion matrix tells. */
function splitsOf({ trials }: Configuration): string {
  const last = trials.find((t) => t.history.length > 0)?.history.at(-1);
  const parts: [number, string][] = [
    [trials[0].trial.measure?.trainLast === undefined ? examples(last?.train) : 0, "for training"],
    [examples(last?.validation), "for validation"],
    [examples(last?.test), "for testing"],
  ];
  return listed(parts.filter(([n]) => n > 0).map(([n, use]) => `${count(n)} examples ${use}`));
}

function data(text: Text, all: readonly Configuration[]): string {
  const said = distinct(all, (c) => c.data).map((spec) => {
    const source = Object.values(sources).find(({ name }) => name === (spec.set ?? spec.name));
    const own = all.find((c) => c.data === spec || canonicalJson(c.data) === canonicalJson(spec))!;
    const classes = own.trials[0].history.at(-1)?.test.confusion.length ?? 0;
    const conditions = Object.entries(conditionFields).flatMap(([field, { kinds }]) =>
      spec[field] ? [` with ${text.member(kinds as Record<string, Entry>, spec[field] as Spec)}`] : [],
    );
    const facts = [classes > 0 && plural(classes, "class", "classes"), splitsOf(own)].filter(Boolean).join("; ");
    return `${text.writer.text(dataTitle(spec))}${text.cite(source?.citation)}${conditions.join(" and")}${facts ? ` (${text.writer.text(facts)})` : ""}`;
  });
  return `Networks were trained on ${listed(said)}.`;
}

/** `The loss was A.` or `The losses were A, B and C.` */
function part(
  text: Text,
  kinds: Readonly<Record<string, Entry>>,
  specs: readonly Spec[],
  one: string,
  many: string,
  withFormula = false,
) {
  if (specs.length === 0) return [];
  const said = specs.map((spec) => text.member(kinds, spec, withFormula));
  return [specs.length === 1 ? `The ${one} was ${said[0]}.` : `The ${many} were ${listed(said)}.`];
}

function training(text: Text, all: readonly Configuration[]): string[] {
  const w = text.writer;
  const numbers = (of: (c: Configuration) => number): string => w.text(listed(distinct(all, of).map(String)));
  const varying = (spec: Spec): boolean => !["none", "fresh"].includes(unpack(spec)[0]);
  const others = (specs: readonly Spec[]): Spec[] => (specs.some(varying) ? [...specs] : []);
  const averages = distinct(all, (c) => c.ema);
  return [
    ...part(
      text,
      zoo.losses,
      distinct(all, (c) => c.loss),
      "loss",
      "losses",
      true,
    ),
    ...part(
      text,
      zoo.models,
      distinct(all, (c) => c.model),
      "network",
      "networks",
    ),
    ...part(
      text,
      zoo.activations,
      distinct(all, (c) => c.activation),
      "activation",
      "activations",
    ),
    ...part(
      text,
      zoo.optimizers,
      distinct(all, (c) => c.optimizer),
      "optimizer",
      "optimizers",
    ),
    ...part(
      text,
      zoo.schedules,
      distinct(all, (c) => c.schedule),
      "learning-rate schedule",
      "learning-rate schedules",
    ),
    ...part(
      text,
      zoo.clippings,
      others(distinct(all, (c) => c.clip)),
      "clipping of gradients",
      "clippings of gradients",
    ),
    ...part(text, zoo.augmentations, others(distinct(all, (c) => c.augment)), "augmentation", "augmentations"),
    ...(averages.length > 0
      ? [
          w.text(
            `Networks were evaluated by exponential moving averages of their weights (decay ${listed(averages.map(String))}).`,
          ),
        ]
      : []),
    `Training took ${numbers((c) => c.epochs)} epochs with mini-batches of ${numbers((c) => c.batchSize)}.`,
  ];
}

function comparison(text: Text, results: RunResults, all: readonly Configuration[]): string[] {
  const seeds = [...new Set(results.trials.map((t) => t.trial.seed))].sort((a, b) => a - b);
  const { pairs, margin } = comparisonsOf(results, all);
  const looks = sequentialLooks(results);
  const warm = all.filter((c) => c.warmStart);
  const several = seeds.length > 1;
  const said = [
    `Each of ${plural(all.length, "configuration")} was trained with ${plural(seeds.length, "seed")} (${listed(seeds.map(String))}), ${plural(results.trials.length, "trial")} in all.`,
    warm.length > 0
      ? `Trials of one seed begin with the same weights and see the same mini-batches in the same order; ${named(warm.map((c) => c.label))} begin${warm.length === 1 ? "s" : ""} with the weights of another training.`
      : "Every trial begins with fresh weights; trials of one seed begin with the same weights and see the same mini-batches in the same order.",
    "No choice was made on the test set; figures are those after the last epoch.",
    several
      ? "Means over the seeds are given with 95 % t intervals."
      : "With one seed no interval can be given and no order be decided.",
  ];
  if (several && pairs.length > 0) {
    said.push(
      `Differences are taken seed by seed and tested by two-sided paired t tests; equivalence by two one-sided t tests of a difference of at least ${percent(margin)} points of accuracy; each kind of test is corrected by Holm's method for all ${plural(pairs.length, "pair")}, at a level of 5 %. Which configurations are surely not the best is judged by multiple comparisons with the best (Hsu, 1984).`,
    );
  }
  if (looks)
    said.push(
      `Seeds were added in blocks (${designText(looks.design)}) until ${looks.of === "claims" ? "all claims were" : "all differences to the first were"} decided; the level was spent by the function of ${spendingName(looks.design)} (Lan and DeMets, 1983), p values hold over all ${plural(looks.taken.length, "look")} taken, and intervals of differences are repeated confidence intervals.`,
    );
  const lost = results.trials.filter((t) => t.status === "diverged").length;
  if (lost > 0) said.push(`${plural(lost, "trial")} diverged; they are counted and enter no mean.`);
  const open = results.trials.filter((t) => !["done", "diverged"].includes(t.status)).length;
  if (open > 0) said.push(`${plural(open, "trial")} had not finished.`);
  return said.map((sentence) => text.writer.text(sentence));
}

function software(text: Text, { run }: RunResults): string {
  const { losslab, engine, onnxruntime, node, cpu, device } = run.environment;
  const on = device && device !== "cpu" ? device : cpu;
  return text.writer.text(
    `Training ran with losslab ${losslab} (engine ${engine}) on ONNX Runtime ${onnxruntime}, Node.js ${node}${on ? `, ${on}` : ""}; the study "${run.study}" gives the same numbers again with the same version on the same machine (run ${run.id}).`,
  );
}

/** A paragraph that says what was compared, how it was trained and how it was tested, with numbered references. */
export function methodsParagraph(whole: RunResults, format: MethodsFormat): string {
  const text = new Text(WRITERS[format]);
  const results = compared(whole);
  const all = configurations(results);
  const tuning = tuningResults(whole);
  const sentences = [
    data(text, all),
    ...training(text, all),
    ...(tuning ? [text.writer.text(tuningMethod(tuning))] : []),
    ...comparison(text, results, all),
    software(text, results),
  ];
  return `${text.writer.document([sentences.join(" ")], text.references)}\n`;
}
