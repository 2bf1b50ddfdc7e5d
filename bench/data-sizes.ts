/** What an epoch of a study costs by the number of its training examples: a straight line, if nothing goes wrong. */
import { readyObject } from "../src/lab/study.ts";
import { median } from "../src/stats/median.ts";
import type { StudySpec } from "../src/study/spec.ts";
import { timeStudy } from "./study.ts";
import { line } from "./table.ts";
import { works } from "./works.ts";

const SIZES = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000];

/** The line through points with the smallest squares of its errors. */
function fit(points: readonly (readonly [x: number, y: number])[]): { slope: number; intercept: number; r2: number } {
  const mean = (of: (p: readonly [number, number]) => number): number =>
    points.reduce((total, p) => total + of(p), 0) / points.length;
  const [x, y] = [mean((p) => p[0]), mean((p) => p[1])];
  const slope = mean((p) => (p[0] - x) * (p[1] - y)) / mean((p) => (p[0] - x) ** 2);
  const intercept = y - slope * x;
  const r2 = 1 - mean((p) => (p[1] - intercept - slope * p[0]) ** 2) / mean((p) => (p[1] - y) ** 2);
  return { slope, intercept, r2 };
}

export interface DataSizes {
  work: string;
  points: { examples: number; seconds: number; secondsAll: number[]; residual: number }[];
  /** Seconds for each further example, and for none: evaluation on the test set, checkpoint, store. */
  slope: number;
  intercept: number;
  r2: number;
}

export async function dataSizes(repeats: number): Promise<DataSizes> {
  const [{ title, study }] = works;
  console.log(`\nSeconds of an epoch by the number of training examples: ${title}\n`);
  const studies = [];
  for (const examples of SIZES) {
    const data = { ...(study.data as object), train: examples } as StudySpec["data"];
    studies.push({ examples, ready: await readyObject({ ...study, data, epochs: 3, seeds: [1] }) });
  }
  const rounds: number[][] = [];
  for (let i = 0; i < repeats; i++) {
    const round: number[] = [];
    for (const { ready } of studies) round.push((await timeStudy(ready)).seconds);
    rounds.push(round);
  }
  const measured = studies.map(({ examples }, i) => {
    const secondsAll = rounds.map((round) => round[i]);
    return { examples, seconds: median(secondsAll), secondsAll };
  });
  const { slope, intercept, r2 } = fit(measured.map(({ examples, seconds }) => [examples, seconds]));
  const points = measured.map((p) => ({ ...p, residual: p.seconds / (intercept + slope * p.examples) - 1 }));
  console.log(line(["examples", "seconds", "off the line"]));
  for (const { examples, seconds, residual } of points) {
    console.log(line([String(examples), seconds.toFixed(3), `${(100 * residual).toFixed(1)} %`]));
  }
  const said = `${(1e6 * slope).toFixed(2)} µs an example + ${intercept.toFixed(3)} s, R² ${r2.toFixed(4)}`;
  console.log(line(["the line", said], 50));
  return { work: title, points, slope, intercept, r2 };
}
