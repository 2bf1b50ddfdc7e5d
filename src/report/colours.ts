/** The colours of pages as CSS variables: reports and the web pages share them. */
import { INKS, type Ink } from "./palette.ts";

/** The colours beside those that pictures use too. */
const PAGE = {
  line: { light: "#d5d9df", dark: "#3a4048" },
  panel: { light: "#f6f7f9", dark: "#1d2126" },
  accent: { light: "#2853c7", dark: "#9bb6ff" },
} as const;

/** Declarations for one of the modes. */
export const colours = (mode: "light" | "dark", important = ""): string =>
  [
    ...Object.entries(PAGE).map(([name, c]) => `--${name}:${c[mode]}${important}`),
    ...(Object.keys(INKS) as Ink[]).map((name) => `--${name}:${INKS[name][mode]}${important}`),
    `color-scheme:${mode}${important}`,
  ].join(";");
