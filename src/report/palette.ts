/** Colours, dashes and markers: the same for a loss everywhere in a study. */

/** Vega's `observable10`: made for light and dark grounds and for colour-blind readers. */
export const SERIES_COLORS = [
  "#4269d0",
  "#efb118",
  "#ff725c",
  "#6cc5b0",
  "#3ca951",
  "#ff8ab7",
  "#a463f2",
  "#97bbf5",
  "#9c6b4e",
  "#9498a0",
] as const;

export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [9, 2, 2, 2], [4, 4], [12, 4]];

export const SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"] as const;

/** Their outlines as SVG paths, in the middle of a swatch of 22 × 10. */
export const MARKS: Record<(typeof SHAPES)[number], string> = {
  circle: "M11 1.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0 -7Z",
  square: "M8 2h6v6h-6Z",
  diamond: "M11 .8L15 5L11 9.2L7 5Z",
  "triangle-up": "M11 1L15 8.4H7Z",
  "triangle-down": "M11 9L15 1.6H7Z",
  cross: "M9.8 1.2h2.4v2.6h2.6v2.4h-2.6v2.6h-2.4v-2.6h-2.6v-2.4h2.6Z",
};

/** How one configuration is drawn. */
export interface SeriesStyle {
  color: string;
  dash: readonly number[];
  shape: (typeof SHAPES)[number];
}

/**
 * Colours that depend on light or dark. Pictures are drawn with `drawn`, a colour that nothing else has; in the finished SVG it
 * becomes the CSS variable, so that one picture serves both. Text on `ground` reaches 4.5 : 1 for `ink` and `muted`.
 */
export const INKS = {
  ink: { drawn: "#010101", light: "#1c1f24", dark: "#e8eaed" },
  muted: { drawn: "#010102", light: "#5b626c", dark: "#a2a9b3" },
  context: { drawn: "#010103", light: "#b9bec6", dark: "#565d67" },
  grid: { drawn: "#010104", light: "#e6e8ec", dark: "#2c3138" },
  ground: { drawn: "#010105", light: "#ffffff", dark: "#15181c" },
  /** Shares of errors in heat maps, as opacity over `ground`. */
  heat: { drawn: "#010106", light: "#e8590c", dark: "#d9480f" },
} as const;

export type Ink = keyof typeof INKS;

/** A colour for use in a plot's specification. */
export const ink = (name: Ink): string => INKS[name].drawn;
