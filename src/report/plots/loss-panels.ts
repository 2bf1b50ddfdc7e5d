import type { CurvePoint } from "../curves.ts";
import type { SeriesStyle } from "../palette.ts";
import type { PlotWords } from "../words/en/plots.ts";
import type { CurveSeries } from "./learning-curves.ts";

/** One configuration's curves of one measure: training dashed, held-out data solid, in the configuration's colour. */
export interface LossPanel {
  /** Of the configuration. */
  name: string;
  /** What the data behind the picture call it, before the split; its name, if it does not say. */
  of?: readonly string[];
  style: SeriesStyle;
  train: readonly CurvePoint[];
  heldOut: readonly CurvePoint[];
  /** Held-out curves of single seeds; drawn on demand. */
  singles?: readonly (readonly CurvePoint[])[];
  broken?: readonly (readonly CurvePoint[])[];
  /** What the solid line is of. */
  heldOutName: "test" | "validation";
}

export const lossSeries = (
  { name, of = [name], style, train, heldOut, singles, broken, heldOutName }: LossPanel,
  words: PlotWords,
): CurveSeries[] =>
  [
    { split: "train" as const, label: words.train, dash: [5, 3], points: train },
    { split: heldOutName, label: words.heldOut[heldOutName], dash: [], points: heldOut, singles, broken },
  ].map(({ split, dash, ...series }) => ({
    ...series,
    style: { ...style, dash, shape: "circle" },
    of: [...of, split],
    name: `${name}, ${series.label}`,
  }));
