/** The page's colours for what is painted on a canvas. */
import { INKS, type Ink } from "../../../src/report/palette.ts";

export type Rgb = readonly [number, number, number];

export function rgb(hex: string): Rgb {
  const digits = hex.slice(1); // three where a style sheet was made short
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, "$&$&") : digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** As the page has them now, light or dark. */
export function inks(): Record<Ink, Rgb> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    Object.keys(INKS).map((name) => [name, rgb(style.getPropertyValue(`--${name}`).trim())]),
  ) as Record<Ink, Rgb>;
}

/** A share from 0 to 1 of the second colour over the first. */
export const mixed = (a: Rgb, b: Rgb, share: number): string =>
  `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * share)).join(",")})`;
