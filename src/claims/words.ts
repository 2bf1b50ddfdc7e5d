/** Numbers of claims as people read them, in the unit of their measure. */

import type { Summary } from "../stats/summary.ts";
import { percent, points, significant } from "../util/format.ts";
import type { Unit } from "./measures.ts";

/** `96.42 %`, `0.1234`, `25.3 epochs`. */
export function valueText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "–";
  switch (unit) {
    case "points":
      return `${percent(value)} %`;
    case "epochs":
      return `${Number(value.toFixed(1))} epochs`;
    case "seconds":
      return `${significant(value, 3)} s`;
    case "percent":
      return `${value.toFixed(1)} %`;
    default:
      return significant(value).replace(/^-/, "−");
  }
}

const signed = (text: string, value: number): string => (value < 0 ? `−${text}` : `+${text}`);

/** `+0.31 ± 0.20 points`; without an interval of a single seed. */
export function differenceText({ n, mean, halfWidth }: Summary, unit: Unit): string {
  if (n === 0) return "no seed has both";
  const size = Math.abs(mean);
  const text = unit === "points" ? points(mean) : signed(valueText(size, unit).replace(/ \D+$/, ""), mean);
  const half =
    halfWidth === null
      ? ""
      : ` ± ${unit === "points" ? percent(halfWidth) : valueText(halfWidth, unit).replace(/ \D+$/, "")}`;
  const words: Partial<Record<Unit, string>> = { points: " points", epochs: " epochs", seconds: " s", percent: " %" };
  return `${text}${half}${words[unit] ?? ""}`;
}
