/** Sentences: words, the names and numbers in them, and the facts that they state. */
import { count, duration, percent, percentInterval, pointsInterval, pValue, significant } from "../util/format.ts";

/** A configuration as sentences name it. */
export interface Who {
  label: string;
  /** Of the configuration: leads to its rows in tables. */
  key: string;
}

/** A mean, and the half-width of its 95 % interval where there is one. */
export interface Estimate {
  mean: number;
  halfWidth: number | null;
}

/** A name or a number in a sentence. */
export interface Stated {
  text: string;
  /** The unrounded number in its own unit (fractions, not percent); names have none. */
  value?: number;
  halfWidth?: number | null;
  /** Key of the configuration that the number is of. */
  of?: string;
}

export type Part = string | Stated;

/** One sentence of the catalogue and what it was told: everything it says can be computed again from the records. */
export interface Fact {
  /** `answer.first` */
  sentence: string;
  values: unknown;
}

export interface Text {
  parts: readonly Part[];
  /** Of the sentence and of those within it. */
  facts: readonly Fact[];
}

/** What may stand in a sentence. */
export type Word = string | number | Stated | Text;

const isText = (word: Word): word is Text => typeof word === "object" && "parts" in word;

const partsOf = (word: Word): readonly Part[] =>
  isText(word) ? word.parts : [typeof word === "number" ? whole(word) : word];

/** Words as one text; nothing is put between them. */
export const concat = (...words: readonly Word[]): Text => ({
  parts: words.flatMap(partsOf).filter((p) => p !== ""),
  facts: words.flatMap((word) => (isText(word) ? word.facts : [])),
});

/** A sentence with its names, numbers and clauses in place: t`${name(who)} reaches ${percentOf(accuracy, who)}`. Numbers are counts. */
export const t = (strings: TemplateStringsArray, ...words: Word[]): Text =>
  concat(...strings.flatMap((string, i) => (i < words.length ? [string, words[i]] : [string])));

export const joined = (words: readonly Word[], separator: string): Text =>
  concat(...words.flatMap((word, i) => (i === 0 ? [word] : [separator, word])));

/** The words alone. */
export const plainText = (text: string | Text): string =>
  typeof text === "string" ? text : text.parts.map((p) => (typeof p === "string" ? p : p.text)).join("");

const estimate = (value: number | Estimate): Estimate =>
  typeof value === "number" ? { mean: value, halfWidth: null } : { mean: value.mean, halfWidth: value.halfWidth };

const stated = (value: number | Estimate, text: string, who?: Who): Stated => {
  const { mean, halfWidth } = estimate(value);
  return { text, value: mean, ...(halfWidth !== null && { halfWidth }), ...(who && { of: who.key }) };
};

export const name = ({ label }: Who): Stated => ({ text: label });

/** `96.42 ± 0.18 %`, of a fraction. */
export const percentOf = (value: number | Estimate, who?: Who): Stated => {
  const { mean, halfWidth } = estimate(value);
  return stated(value, `${percentInterval(mean, halfWidth)} %`, who);
};

/** `+0.31 ± 0.20`, of a difference of fractions, in points. */
export const pointsOf = (value: number | Estimate, who?: Who): Stated => {
  const { mean, halfWidth } = estimate(value);
  return stated(value, pointsInterval(mean, halfWidth), who);
};

/** `0.31 ± 0.20`, of a distance of fractions, in points, without a sign. */
export const distanceOf = (value: number | Estimate, who?: Who): Stated => {
  const { mean, halfWidth } = estimate(value);
  return stated(value, percentInterval(mean, halfWidth), who);
};

/** `0.1191` */
export const numberOf = (value: number, digits = 4, who?: Who): Stated =>
  stated(value, significant(value, digits).replace("-", "−"), who);

/** `2.33` */
export const fixedOf = (value: number, decimals: number, who?: Who): Stated =>
  stated(value, value.toFixed(decimals), who);

/** `1 m 12 s` */
export const durationOf = (seconds: number): Stated => stated(seconds, duration(seconds));

/** `0.079 %` of a fraction, two digits of it. */
export const shareOf = (value: number): Stated => stated(value, `${Number((100 * value).toPrecision(2))} %`);

/** `60 000` */
export const whole = (value: number, who?: Who): Stated => stated(value, count(value), who);

/** `= 0.012`, `< 0.001` */
export const pOf = (p: number): Stated => stated(p, p < 0.001 ? "< 0.001" : `= ${pValue(p)}`);

/** `12 %` of a fraction, without decimals. */
export const wholePercent = (value: number): Stated => stated(value, `${(100 * value).toFixed(0)} %`);

/** The threshold `0.50` points of a fraction of 0.005. */
export const pointsSize = (value: number): Stated => stated(value, percent(value));
