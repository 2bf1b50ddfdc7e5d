/** Loss and accuracy around trained weights: pictures, numbers and a page. */
import { coordinates, type Landscape, pointsOf, type Slice } from "../run/landscape.ts";
import { count, listed, percent, plural, significant } from "../util/format.ts";
import { csv } from "./csv.ts";
import type { Picture, ReportDocument, Table } from "./document.ts";
import type { SeriesStyle } from "./palette.ts";
import { linearAxis } from "./plots/axis.ts";
import { landscapeLines, lossAxis } from "./plots/landscape-lines.ts";
import { landscapeMaps } from "./plots/landscape-maps.ts";
import { render } from "./render.ts";

/** One trial's slice. */
export interface DrawnLandscape extends Landscape {
  /** Unlike that of any other. */
  label: string;
  trial: string;
  style: SeriesStyle;
}

/** What the slices have in common. */
export interface LandscapeFacts {
  slice: Slice;
  split: string;
  /** Examples of each. */
  examples: number;
  /** Whether the trials' losses differ. */
  severalLosses: boolean;
}

/** Distances that a table shows. */
const RINGS = 4;

/** Steps of the slice's grid at which a table looks: 0 and up to four more, the last at the edge. */
function ringsOf({ points }: Slice): number[] {
  const half = (points - 1) / 2;
  const shown = Math.min(RINGS, half);
  return Array.from({ length: shown + 1 }, (_, i) => Math.round((i * half) / shown));
}

/** The mean over the points that are so many steps from the middle. */
function atRing(values: readonly number[], slice: Slice, ring: number): number {
  const step = (2 * slice.radius) / (slice.points - 1);
  const own = pointsOf(slice).flatMap((p, i) => (Math.round(Math.hypot(...p) / step) === ring ? [values[i]] : []));
  return own.reduce((sum, v) => sum + v, 0) / own.length;
}

const distanceOf = ({ points, radius }: Slice, ring: number): string =>
  String(Number(((2 * radius * ring) / (points - 1)).toPrecision(3)));

/** Rows by trial, a column for each distance from the trained weights. */
export function landscapeTable(
  trials: readonly DrawnLandscape[],
  { slice }: LandscapeFacts,
  measure: "loss" | "accuracy",
): Table {
  const rings = ringsOf(slice);
  return {
    caption: `${measure === "loss" ? "Loss" : "Accuracy, %,"} by distance from the trained weights, in lengths of the filters`,
    columns: [
      { header: "trial", align: "left" },
      ...rings.map((ring) => ({ header: distanceOf(slice, ring), align: "right" as const })),
    ],
    rows: trials.map(({ label, style, [measure]: values }) => [
      { text: label, style },
      ...rings.map((ring) => {
        const mean = atRing(values, slice, ring);
        return { text: measure === "loss" ? significant(mean) : percent(mean), exact: String(mean) };
      }),
    ]),
  };
}

/** How much accuracy is left half way to the edge: a number that losses of any scale share. */
export function landscapeAnswer(trials: readonly DrawnLandscape[], { slice }: LandscapeFacts): string {
  const ring = Math.max(1, Math.round((slice.points - 1) / 4));
  const kept = trials
    .map(({ label, accuracy }) => ({ label, before: atRing(accuracy, slice, 0), after: atRing(accuracy, slice, ring) }))
    .sort((a, b) => b.after - a.after);
  const say = ({ label, before, after }: (typeof kept)[number]): string =>
    `from ${percent(before)} to ${percent(after)} % for ${label}`;
  const named = kept.length > 2 ? [kept[0], kept[kept.length - 1]] : kept;
  return `At a distance of ${distanceOf(slice, ring)} accuracy goes ${listed(named.map(say))}`;
}

const columnsOf = (trials: number): number => (trials <= 4 ? trials : Math.ceil(trials / Math.ceil(trials / 4)));

async function lines(trials: readonly DrawnLandscape[], { slice }: LandscapeFacts) {
  const along = coordinates(slice);
  return [
    {
      heading: "",
      svg: await render(landscapeLines(trials, { width: 940, columns: 2, along })),
      narrow: await render(landscapeLines(trials, { width: 380, columns: 1, along })),
    },
  ];
}

async function maps(trials: readonly DrawnLandscape[], { slice }: LandscapeFacts) {
  const along = coordinates(slice);
  const measures = [
    { title: "loss", scale: lossAxis(trials).axis, values: (t: DrawnLandscape) => t.loss },
    { title: "accuracy, %", scale: linearAxis(0, 100), values: (t: DrawnLandscape) => t.accuracy.map((a) => 100 * a) },
  ];
  return Promise.all(
    measures.map(async ({ title, scale, values }) => {
      const all = trials.map((trial) => ({
        label: trial.label,
        rows: along.map((_, j) => values(trial).slice(j * along.length, (j + 1) * along.length)),
      }));
      const draw = (width: number, columns: number) =>
        render(landscapeMaps(all, { width, columns, title, scale, along }));
      return { heading: "", svg: await draw(940, columnsOf(trials.length)), narrow: await draw(380, 1) };
    }),
  );
}

export async function landscapePicture(trials: readonly DrawnLandscape[], facts: LandscapeFacts): Promise<Picture> {
  const { slice, split, examples, severalLosses } = facts;
  const { dimensions, seed } = slice;
  const through = dimensions === 1 ? "a line" : "a plane";
  return {
    id: "landscape",
    title: landscapeAnswer(trials, facts),
    subtitle: [
      `${through} through the trained weights, random directions normalized filter by filter (seed ${seed})`,
      `${count(examples)} ${split} examples`,
      severalLosses ? "each trial's own loss, equal scales" : trials.length > 1 ? "equal scales" : "",
    ]
      .filter(Boolean)
      .join(" · "),
    alt: `Loss and accuracy of ${listed(trials.map((t) => t.label))} on ${through} through their weights; the tables have numbers.`,
    views: [{ name: "", panels: await (dimensions === 1 ? lines : maps)(trials, facts) }],
    csv: landscapeCsv(trials, facts),
  };
}

/** A row for each point. */
export const landscapeCsv = (trials: readonly DrawnLandscape[], { slice }: LandscapeFacts): string =>
  csv(
    ["trial", "label", ...["first", "second"].slice(0, slice.dimensions), "loss", "accuracy"],
    trials.flatMap(({ trial, label, loss, accuracy }) =>
      pointsOf(slice).map((p, i) => [
        trial,
        label,
        ...p,
        Number.isFinite(loss[i]) ? loss[i] : String(loss[i]),
        accuracy[i],
      ]),
    ),
  );

/** Picture and numbers on a page. */
export const landscapeDocument = (
  trials: readonly DrawnLandscape[],
  facts: LandscapeFacts,
  picture: Picture,
): ReportDocument => ({
  title: "Loss landscapes",
  question: null,
  facts: [plural(trials.length, "trial"), `${count(facts.examples)} ${facts.split} examples`],
  sections: [
    { id: "picture", heading: "Around the trained weights", blocks: [{ kind: "picture", picture }] },
    {
      id: "numbers",
      heading: "Numbers",
      blocks: (["loss", "accuracy"] as const).map((measure) => ({
        kind: "table",
        table: landscapeTable(trials, facts, measure),
      })),
    },
  ],
});
