import type { EpochRecord, TrialResult } from "../run/records.ts";
import { summary } from "../stats/summary.ts";

/** The mean over the seeds after one epoch, and its 95 % interval; null with fewer than two seeds. */
export interface CurvePoint {
  epoch: number;
  n: number;
  mean: number;
  low: number | null;
  high: number | null;
}

export type ReadMeasure = (record: EpochRecord) => number | undefined;

/** Points of a curve that a picture can show; beyond that every k-th epoch stands for the others. */
const MOST_POINTS = 200;

function kept(epoch: number, last: number): boolean {
  const step = Math.ceil(last / MOST_POINTS);
  return step === 1 || epoch === 1 || epoch === last || epoch % step === 0;
}

/** One measure over the epochs, summarized over the trials that have a finite value there. */
export const curve = (trials: readonly TrialResult[], read: ReadMeasure): CurvePoint[] =>
  curveOf(trials, ({ history }) => history.map(read));

/** The same of what a trial's whole history gives: one value for each epoch. */
export function curveOf(
  trials: readonly TrialResult[],
  read: (trial: TrialResult) => readonly (number | undefined)[],
): CurvePoint[] {
  const all = trials.map(read);
  const last = Math.max(0, ...all.map((values) => values.length));
  const points: CurvePoint[] = [];
  for (let i = 0; i < last; i++) {
    if (!kept(i + 1, last)) continue;
    const values = all.flatMap((own) => {
      const value = own[i];
      return value !== undefined && Number.isFinite(value) ? [value] : [];
    });
    if (values.length === 0) continue;
    const { n, mean, halfWidth } = summary(values);
    const half = halfWidth ?? Number.NaN;
    points.push({
      epoch: i + 1,
      n,
      mean,
      low: halfWidth === null ? null : mean - half,
      high: halfWidth === null ? null : mean + half,
    });
  }
  return points;
}

/** The same of one trial: no interval, and it ends before the first value that is not finite. */
export function singleCurve({ history }: TrialResult, read: ReadMeasure): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (const record of history) {
    const value = read(record);
    if (value === undefined || !Number.isFinite(value)) break;
    if (kept(record.epoch, history.length))
      points.push({ epoch: record.epoch, n: 1, mean: value, low: null, high: null });
  }
  return points;
}
