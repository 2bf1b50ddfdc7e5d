/** The report as data: what it says, whatever it is written in. */
import type { SeriesStyle } from "./palette.ts";

export interface ReportDocument {
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
  | { kind: "prose"; text: string /** The answer itself. */; lead?: boolean }
  | { kind: "list"; items: string[] }
  | { kind: "table"; table: Table }
  | { kind: "picture"; picture: Picture }
  | { kind: "code"; language: string; text: string }
  /** Detail that is folded until asked for. */
  | { kind: "fold"; heading: string; blocks: Block[] };

export interface Table {
  caption: string;
  columns: { header: string; align: "left" | "right" }[];
  /** The first cell of a row names it. */
  rows: Cell[][];
}

export interface Cell {
  text: string;
  /** The unrounded value. */
  exact?: string;
  strong?: boolean;
  /** The configuration's mark before the text. */
  style?: SeriesStyle;
}

export interface Picture {
  id: string;
  /** What is seen. */
  title: string;
  /** What is drawn. */
  subtitle: string;
  /** For those who do not see it. */
  alt: string;
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
}

export const prose = (text: string, { lead = false } = {}): Block => ({ kind: "prose", text, ...(lead && { lead }) });
