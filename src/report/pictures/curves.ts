/** Pictures of a number over the epochs: of all configurations in one frame, or in a frame for each part. */
import type { TrialResult } from "../../run/records.ts";
import type { AskedPicture } from "../../study/picture-kinds.ts";
import type { ReportContext } from "../context.ts";
import { curveOf } from "../curves.ts";
import type { Panel, Picture } from "../document.ts";
import { curvesPanel } from "../draw-curves.ts";
import type { CurveSeries, LearningCurvesOptions } from "../plots/learning-curves.ts";
import { curveCsv, overlay } from "../sections/curves.ts";
import { panelSize } from "../sections/panel-size.ts";
import { type Facet, facets } from "./facets.ts";

/** A number of a trial over its epochs; NaN where an epoch has none. */
export type Values = (result: TrialResult) => number[];

export interface Drawn {
  id: string;
  title: string;
  /** What the lines are. */
  subtitle: string;
  values: readonly { name: string; read: Values; dash?: readonly number[] }[];
  axis: Pick<LearningCurvesOptions, "title" | "factor" | "bounds" | "chance" | "log">;
}

const seriesOf = ({ configurations, labels, heading }: Facet, { values }: Drawn): CurveSeries[] =>
  configurations.flatMap((c, i) =>
    values.map(({ name, read, dash }) => {
      const label = values.length > 1 ? [labels[i], name].filter(Boolean).join(", ") : labels[i];
      return {
        label,
        of: [heading, label],
        name: [heading, label].filter(Boolean).join(", "),
        style: { ...c.style, ...(dash && { dash }) },
        points: curveOf(c.done, read),
      };
    }),
  );

/** Limits that hold all frames, so that they can be compared. */
function limits(all: readonly CurveSeries[]): [number, number] | undefined {
  const means = all.flatMap(({ points }) => points.map((p) => p.mean));
  return means.length > 0 ? [Math.min(...means), Math.max(...means)] : undefined;
}

export async function curvesPicture(context: ReportContext, asked: AskedPicture, drawn: Drawn): Promise<Picture> {
  const { by = "all", marks = "lines" } = asked.params;
  const frames = facets(context.configurations, by);
  const shown = frames.map((facet) => ({ facet, series: seriesOf(facet, drawn) }));
  const fit = limits(shown.flatMap(({ series }) => series));
  const { pictures, plots, curves } = context.words;
  const panels = (log: boolean): Promise<Panel[]> => {
    const options = { epochs: context.epochs, marks, words: plots, log, ...drawn.axis };
    return Promise.all(
      shown.map(async ({ facet, series }): Promise<Panel> => {
        if (frames.length === 1) return overlay(facet.heading, series, options, { narrowHeight: 300 });
        const size = { ...panelSize(2), height: 300 };
        return curvesPanel(facet.heading, series, { ...options, ...size, ...(fit && { fit }) });
      }),
    );
  };
  // What has no upper bound and is above 0, as losses are, may span powers of ten.
  const spans = drawn.axis.bounds === undefined && fit !== undefined && fit[0] > 0;
  return {
    id: drawn.id,
    title: drawn.title,
    subtitle: pictures.curvesSubtitle({
      basis: context.basis,
      what: drawn.subtitle,
      by: frames.length > 1 ? (by as keyof typeof pictures.parts) : null,
    }),
    alt: pictures.curvesAlt({ title: drawn.title, what: drawn.subtitle, n: context.configurations.length }),
    views: spans
      ? [
          { name: curves.linear, panels: await panels(false) },
          { name: curves.log, panels: await panels(true) },
        ]
      : [{ name: "", panels: await panels(false) }],
    csv: curveCsv(
      shown.flatMap(({ facet, series }) => series.map((s) => ({ labels: [facet.heading, s.label], points: s.points }))),
      ["frame", "series"],
    ),
  };
}
