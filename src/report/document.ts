/** The report as data: what it says, whatever it is written in. */
import type { CurvesFrame } from "./curves-frame.ts";
import type { SeriesStyle } from "./palette.ts";
import type { Estimate, Text } from "./text.ts";
import type { Language } from "./words/index.ts";

/** Sentences keep the facts that they state; text of other kinds is plain. */
export type Said = string | Text;

export interface ReportDocument {
  /** English where it does not say. */
  language?: Language;
  title: string;
  /** What the study asks, in its author's words; null when it does not say. */
  question: string | null;
  /** Run, date, trials: small print under the title. */
  facts: string[];
  sections: Section[];
}

export interface Section {
  id: string;
  heading: string;
  blocks: Block[];
}

export type Block =
  | { kind: "prose"; text: Said /** The answer itself. */; lead?: boolean }
  | { kind: "list"; items: Said[] }
  | { kind: "table"; table: Table }
  | { kind: "picture"; picture: Picture }
  | { kind: "code"; language: string; text: string }
  /** Detail that is folded until asked for. */
  | { kind: "fold"; heading: string; blocks: Block[] };

export interface Table {
  caption: Said;
  columns: { header: string; align: "left" | "right" }[];
  /** The first cell of a row names it. */
  rows: Cell[][];
}

export interface Cell {
  text: string;
  /** The unrounded value. */
  exact?: string;
  /** The same for programs, where it is a mean. */
  estimate?: Estimate & { n: number };
  strong?: boolean;
  /** The configuration's mark before the text. */
  style?: SeriesStyle;
  /** Of a row's first cell: the configuration that the row is of, to which numbers in sentences lead. */
  of?: string;
}

export interface Picture {
  id: string;
  /** What is seen. */
  title: Said;
  /** What is drawn. */
  subtitle: Said;
  /** For those who do not see it. */
  alt: Said;
  /** Usually one; several are different drawings of the same data to choose from. */
  views: PictureView[];
  /** The unrounded data. */
  csv: string;
}

export interface PictureView {
  name: string;
  panels: Panel[];
}

export interface Panel {
  /** Empty where the picture's title is enough. */
  heading: string;
  svg: string;
  /** The same redrawn for narrow screens. */
  narrow?: string;
  /** Where curves lie in the two drawings: for what a page lays over them. */
  frames?: { wide: CurvesFrame; narrow?: CurvesFrame };
}

export const prose = (text: Said, { lead = false } = {}): Block => ({ kind: "prose", text, ...(lead && { lead }) });
