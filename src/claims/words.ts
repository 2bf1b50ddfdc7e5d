/** Numbers of claims as people read them, in the unit of their measure. */

import type { Summary } from "../stats/summary.ts";
import { percent, points, significant } from "../util/format.ts";
import type { Unit } from "./measures.ts";

/** `96.42 %`, `0.1234`, `−25.3 epochs`. */
export function valueText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "–";
  const said: Record<Unit, () => string> = {
    points: () => `${percent(value)} %`,
    epochs: () => `${Number(value.toFixed(1))} epochs`,
    seconds: () => `${significant(value, 3)} s`,
    percent: () => `${value.toFixed(1)} %`,
    loss: () => significant(value),
    number: () => significant(value),
  };
  return said[unit]().replace(/^-/, "−");
}

const signed = (text: string, value: number): string => (value < 0 ? `−${text}` : `+${text}`);

/** A size in its unit, which is left to be said: `0.31`. */
export const sizeText = (size: number, unit: Unit): string =>
  unit === "points" ? percent(size) : valueText(size, unit).replace(/ \D+$/, "");

/** `+0.31 ± 0.20`, in the unit of the measure, which is left to be said; without an interval of a single seed. */
export function signedText({ mean, halfWidth }: Pick<Summary, "mean" | "halfWidth">, unit: Unit): string {
  const text = unit === "points" ? points(mean) : signed(sizeText(Math.abs(mean), unit), mean);
  return halfWidth === null ? text : `${text} ± ${sizeText(halfWidth, unit)}`;
}

const UNITS: Record<Unit, string> = { points: " points", epochs: " epochs", seconds: " s", percent: " %", loss: "", number: "" }; // biome-ignore format: one line

/** `+0.31 ± 0.20 points` */
export const differenceText = (difference: Summary, unit: Unit): string =>
  difference.n === 0 ? "no seed has both" : `${signedText(difference, unit)}${UNITS[unit]}`;
