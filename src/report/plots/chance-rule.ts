import { ink } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { type Axis, position } from "./axis.ts";
import type { CurveSeries, LearningCurvesOptions } from "./learning-curves.ts";
import { type Layer, note, pixel } from "./theme.ts";

const FONT_SIZE = 11;
/** Of the middle of the name from the rule, and half the height of the name. */
const AWAY = 8;
const HALF = 7;
const EDGE = 4;

interface Place {
  left: number;
  middle: number;
}

/** The accuracy of guessing as a thin rule, named where the fewest curves pass; nothing where it lies beyond the axis. */
export function chanceRule(
  series: readonly CurveSeries[],
  { chance, words, factor = 1 }: LearningCurvesOptions,
  { x, y, plot }: { x: Axis; y: Axis; plot: { width: number; height: number } },
): Layer[] {
  const value = (chance ?? Number.NaN) * factor;
  if (!(value >= y.domain[0] && value <= y.domain[1])) return [];
  const across = (epoch: number) => position(x, epoch, plot.width);
  const down = (mean: number) => plot.height - position(y, mean * factor, plot.height);
  const rule = plot.height - position(y, value, plot.height);
  const name = words.chance({ percent: Number(value.toPrecision(3)) });
  const width = textWidth(name, FONT_SIZE);

  const lines = series.flatMap(({ points, broken = [], context }) =>
    [points, ...broken].map((line) =>
      line.map(({ epoch, mean, low, high }) => ({
        x: across(epoch),
        top: down((context ? null : high) ?? mean),
        bottom: down((context ? null : low) ?? mean),
      })),
    ),
  );
  const crossings = ({ left, middle }: Place): number =>
    lines.filter((line) =>
      line.some((from, i) => {
        const to = line[i + 1] ?? from;
        if (to.x < left - EDGE || from.x > left + width + EDGE) return false;
        return Math.min(from.top, to.top) < middle + HALF && Math.max(from.bottom, to.bottom) > middle - HALF;
      }),
    ).length;
  const places = [rule - AWAY, rule + AWAY]
    .filter((middle) => middle >= HALF && middle <= plot.height - HALF)
    .flatMap((middle) => [EDGE, plot.width - width - EDGE, (plot.width - width) / 2].map((left) => ({ left, middle })));
  const best = places.reduce((a, b) => (crossings(b) < crossings(a) ? b : a), places[0]);
  return [
    {
      data: { values: [{ x0: 0, x1: plot.width, py: rule }] },
      mark: { type: "rule", strokeWidth: 0.75, color: ink("muted") },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("py") },
    },
    note(name, best.left, best.middle, { fontSize: FONT_SIZE }),
  ];
}
