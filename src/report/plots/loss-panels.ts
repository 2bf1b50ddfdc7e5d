import type { TopLevelSpec } from "vega-lite";
import type { CurvePoint } from "../curves.ts";
import type { SeriesStyle } from "../palette.ts";
import { type CurveSeries, type LearningCurvesOptions, learningCurves } from "./learning-curves.ts";

/** One configuration's curves of one measure: training dashed, held-out data solid, in the configuration's colour. */
export interface LossPanel {
  style: SeriesStyle;
  train: readonly CurvePoint[];
  heldOut: readonly CurvePoint[];
  /** Held-out curves of single seeds; drawn on demand. */
  singles?: readonly (readonly CurvePoint[])[];
  broken?: readonly (readonly CurvePoint[])[];
  /** What the solid line is of. */
  heldOutName: "test" | "validation";
}

export function lossPanel(panel: LossPanel, options: LearningCurvesOptions): TopLevelSpec {
  const { style, train, heldOut, singles, broken, heldOutName } = panel;
  const series: CurveSeries[] = [
    { label: options.words.train, style: { ...style, dash: [5, 3], shape: "circle" }, points: train },
    {
      label: options.words.heldOut[heldOutName],
      style: { ...style, dash: [], shape: "circle" },
      points: heldOut,
      singles,
      broken,
    },
  ];
  return learningCurves(series, options);
}
