import { normalCdf } from "./distributions/normal.ts";

/**
 * How likely a one-sided test of the mean is to end above its critical value with `most` pairs, if the mean and deviation so far are the
 * true ones.   Φ((d √N - c) / √(1 - n/N)),   d = (mean - limit) / sd.   Lan and Wittes, 1988.
 * @param critical normal statistic c of the last look
 */
export function conditionalPower(
  { mean, sd, n }: { mean: number; sd: number; n: number },
  limit: number,
  side: "greater" | "less",
  most: number,
  critical: number,
): number {
  const away = side === "greater" ? mean - limit : limit - mean;
  const drift = away === 0 ? 0 : (away / sd) * Math.sqrt(most);
  const left = 1 - n / most;
  return left > 0 ? normalCdf((drift - critical) / Math.sqrt(left)) : drift >= critical ? 1 : 0;
}
