/** Learning curves, drawn, with what a page needs to lay something over them. */
import type { CurvesFrame } from "./curves-frame.ts";
import type { Panel } from "./document.ts";
import {
  type CurveSeries,
  curvesFrame,
  type LearningCurvesOptions,
  learningCurves,
  markOwners,
} from "./plots/learning-curves.ts";
import { type LossPanel, lossSeries } from "./plots/loss-panels.ts";
import { render } from "./render.ts";

export interface DrawnCurves {
  svg: string;
  frame: CurvesFrame;
}

export async function drawCurves(all: readonly CurveSeries[], options: LearningCurvesOptions): Promise<DrawnCurves> {
  const found = curvesFrame(all, options);
  const { series, x, y, legendHeight, margin, plot } = found;
  return {
    svg: await render(learningCurves(all, options)),
    frame: {
      left: margin.left,
      top: margin.top,
      ...plot,
      x: x.domain,
      y: y.domain,
      log: y.log,
      legend: legendHeight,
      factor: options.factor ?? 1,
      series: series.map(({ label, of = [label], name = label, style, context = false }) => ({
        of,
        label,
        name,
        style,
        context,
      })),
      owners: markOwners(found, options),
    },
  };
}

/** A panel of the same size on all screens. */
export async function curvesPanel(
  heading: string,
  all: readonly CurveSeries[],
  options: LearningCurvesOptions,
): Promise<Panel> {
  const { svg, frame } = await drawCurves(all, options);
  return { heading, svg, frames: { wide: frame } };
}

/** One configuration's training and held-out data, headed by its name. */
export const lossPanel = (panel: LossPanel, options: LearningCurvesOptions): Promise<Panel> =>
  curvesPanel(panel.name, lossSeries(panel, options.words), options);
