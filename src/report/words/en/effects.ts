import { distanceOf, type Estimate, fixedOf, joined, numberOf, percentOf, pOf, type Text, t } from "../../text.ts";
import { counted, listed, sentence, sentences } from "./grammar.ts";

/** One effect as it was tested; its factors by their keys. */
export interface TestedEffect {
  factors: readonly string[];
  f: number;
  df: number;
  errorDf: number;
  p: number;
}

/** Fields of a trial as factors; parameters of their members keep their own names. */
export const parts = {
  loss: "loss",
  activation: "activation",
  optimizer: "optimizer",
  model: "model",
  data: "data",
  schedule: "schedule",
  augment: "augmentation",
  clip: "clipping",
  warmStart: "warm start",
  epochs: "epochs",
  batchSize: "batch size",
  ema: "weight average",
  fuse: "fusing",
  device: "device",
};

const degrees = (value: number) => numberOf(Number(value.toPrecision(3)), 3);
const test = ({ f, df, errorDf, p }: TestedEffect): Text =>
  t`F(${trimmed(df)}, ${trimmed(errorDf)}) = ${Number.isFinite(f) ? numberOf(f, 3) : "∞"}, p ${pOf(p)}`;
/** Degrees of freedom without needless decimals. */
export const trimmed = (value: number) => {
  const said = degrees(value);
  return { ...said, value, text: said.text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") };
};

const said = (effects: readonly TestedEffect[]): Text =>
  listed(effects.map((e) => t`the ${{ text: e.factors[0] }} (${test(e)})`));

export const effects = {
  heading: "Main effects and interactions",
  headingOfOne: "Effect of the factor",
  parts,
  fold: "The tests of all effects",
  summary: ({
    found,
    missing,
    joint,
    interactions,
  }: Record<"found" | "missing" | "interactions", readonly TestedEffect[]> & { joint: number }) => {
    const clauses: Text[] = [];
    if (found.length > 0) clauses.push(t`Test accuracy depends on ${said(found)}`);
    if (missing.length > 0) clauses.push(t`${found.length > 0 ? "an" : "An"} effect of ${said(missing)} was not found`);
    const first = sentence(joined(clauses, "; "));
    if (joint === 0) return first;
    if (interactions.length === 0)
      return sentences([first, "No interaction was found: what one factor does was not seen to depend on another."]);
    const each = interactions.map((e) => {
      const [one, ...others] = [...e.factors].reverse().map((text) => ({ text }));
      return t`the ${one} on the ${listed(others)} (${test(e)})`;
    });
    return sentences([first, sentence(t`The effects depend on each other: that of ${listed(each)}`)]);
  },
  title: ({ factor, span }: { factor: string; span: number }) =>
    t`The levels of the ${{ text: factor }} lie furthest apart: ${distanceOf(span)} points`,
  subtitle: ({ basis, seeds, cut }: { basis: Text; seeds: number; cut: boolean }) =>
    t`${basis} · test accuracy at each level, mean over all levels of the others · ${counted(seeds, "seed")} that finished everywhere, 95 % intervals${cut ? " · arrows: beyond the axis" : ""}`,
  alt: ({
    factors,
  }: {
    factors: readonly { factor: string; levels: readonly { level: string; value: Estimate }[] }[];
  }) =>
    joined(
      factors.map(({ factor, levels }) => {
        const all = levels.map(({ level, value }) => t`${{ text: level }} ${percentOf(value)}`);
        return t`${{ text: factor }}: ${joined(all, ", ")}`;
      }),
      "; ",
    ),
  axis: "mean test accuracy, %",
  caption: "Effects on the final test accuracy, each against its own variation over the seeds.",
  columns: { effect: "effect", df: "degrees of freedom", holm: "p, Holm", eta: "partial η²", mauchly: "p, Mauchly" },
  exactP: ({ corrected, p }: { corrected: number; p: number }): string => `${corrected}, without ε ${p}`,
  methods: ({
    seeds,
    incomplete,
    normality,
    method,
    effects: n,
  }: {
    seeds: number;
    incomplete: readonly number[];
    normality: { w: number; p: number } | null;
    method: "values" | "ranks";
    effects: number;
  }) => {
    const on = method === "ranks" ? "aligned ranks" : "the values";
    const shape = normality
      ? t`Residuals ${method === "ranks" ? "are not normal" : "may be normal"} (Shapiro and Wilk: W = ${numberOf(normality.w, 3)}, p ${pOf(normality.p)}), so effects are tested on ${on}.`
      : t`There is too little variation to look at residuals; effects are tested on the values.`;
    const one = incomplete.length === 1;
    const left =
      incomplete.length > 0
        ? t` ${one ? "Seed" : "Seeds"} ${listed(incomplete.map((s) => fixedOf(s, 0)))} did not finish everywhere and ${one ? "is" : "are"} left out.`
        : t``;
    return t`Repeated measures over the ${counted(seeds, "seed")} that finished with every configuration.${left} ${shape} Degrees of freedom are multiplied by Greenhouse and Geisser's ε, as sphericity is not taken for granted; p is corrected by Holm's method for the ${counted(n, "effect")}.`;
  },
};
