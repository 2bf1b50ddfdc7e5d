/** Cells of tables that several sections have. */
import type { Summary } from "../../stats/summary.ts";
import type { Configuration } from "../configurations.ts";
import type { Cell } from "../document.ts";

/** The first cell of a configuration's row: its mark and its label; that of the first in bold. */
export const nameCell = (c: Configuration, standing?: string): Cell => ({
  text: c.label,
  style: c.style,
  of: c.key,
  strong: standing === "first",
});

/** A mean with its interval, the unrounded numbers behind it. */
export function intervalCell(s: Summary | null, say: (mean: number, halfWidth: number | null) => string): Cell {
  if (!s) return { text: "–" };
  const { n, mean, halfWidth } = s;
  const half = halfWidth === null ? "" : ` ± ${halfWidth}`;
  return { text: say(mean, halfWidth), exact: `${mean}${half} (n = ${n})`, estimate: { n, mean, halfWidth } };
}

export const left = (header: string) => ({ header, align: "left" as const });
export const right = (header: string) => ({ header, align: "right" as const });
