/** Numbers as people read them, the same in the terminal, the report and the pages. */

/** In hundredths with two decimals. Halves round alike, however the last bits came about: a difference is the same in all sentences. */
const hundredths = (fraction: number): string => Number((fraction * 100).toPrecision(12)).toFixed(2);

/** `96.42` for a fraction of 0.9642: percent with two decimals, without the sign. */
export const percent = hundredths;

/** Four significant digits, without an exponent where it can be helped: `0.1191`, `12.35`, `1.2e-6`. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  return magnitude < 1e-4 || magnitude >= 1e7
    ? value.toExponential(digits - 1)
    : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude))));
}

/** `0.8 s`, `42 s`, `1 m 12 s`, `3 h 05 m`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} m`;
}

/** `60 000`: thousands apart by a thin space. */
export const count = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");

/** `1.4 GB`, `12 MB`, `800 KB`: decimal units. */
export function bytes(value: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["KB", 1e3],
  ] as const) {
    if (value >= size) return `${(value / size).toFixed(value < 10 * size ? 1 : 0)} ${unit}`;
  }
  return `${value} B`;
}

/** `+0.31`, `−0.05`: a difference of two fractions in percentage points. */
export function points(difference: number): string {
  const size = hundredths(Math.abs(difference));
  return Number(size) === 0 ? size : `${difference < 0 ? "−" : "+"}${size}`;
}

/** `96.42 ± 0.18`: percent with the half-width of its interval, or without when there is none. */
export const percentInterval = (fraction: number, halfWidth: number | null): string =>
  halfWidth === null ? percent(fraction) : `${percent(fraction)} ± ${percent(halfWidth)}`;

/** `−0.05 ± 0.30`: a difference in percentage points with the half-width of its interval, or without when there is none. */
export const pointsInterval = (difference: number, halfWidth: number | null): string =>
  halfWidth === null ? points(difference) : `${points(difference)} ± ${percent(halfWidth)}`;

/** `A`, `A and B`, `A, B and C`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** `1 seed`, `3 seeds`. */
export const plural = (n: number, word: string, words = `${word}s`): string => `${count(n)} ${n === 1 ? word : words}`;

/** `0.032`, `<0.001`: what is said of a p value. */
export const pValue = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3));

/** NaN and infinities as texts, for JSON has none. */
export const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
