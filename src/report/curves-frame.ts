/** Where drawn curves lie, and which marks are whose: for what a page lays over them. */
import type { SeriesStyle } from "./palette.ts";

/** One of the drawn curves. */
export interface FramedSeries {
  /** What the data behind the picture call it: its fields before the epoch. */
  of: readonly string[];
  /** What it is called in the picture. */
  label: string;
  /** The same where it stands alone. */
  name: string;
  style: SeriesStyle;
  /** Drawn in grey. */
  context: boolean;
}

/** Layers of a drawing whose marks belong to one curve each. */
export const OWNED_LAYERS = ["means", "bands", "seeds", "broken", "marks", "crosses", "ends", "names"] as const;
export type OwnedLayer = (typeof OWNED_LAYERS)[number];

export interface CurvesFrame {
  /** The plot within its picture, in pixels of the picture. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** What lies at its edges; y of values that are multiplied by the factor. */
  x: readonly [number, number];
  y: readonly [number, number];
  log: boolean;
  /** Height of the legend at the picture's top; 0 where curves are named at their ends. */
  legend: number;
  factor: number;
  series: readonly FramedSeries[];
  /** The places in `series` of the marks of each layer, one after the other. */
  owners: Record<OwnedLayer, readonly number[]>;
}

/** The drawing with `data-s` on every mark that belongs to a curve. @param name of a place in the frame's series */
export function withOwners(svg: string, { owners }: CurvesFrame, name: (series: number) => number): string {
  const at: Partial<Record<OwnedLayer, number>> = {};
  const owner = (layer: OwnedLayer): string => {
    const place = at[layer] ?? 0;
    at[layer] = place + 1;
    return ` data-s="${name(owners[layer][place])}"`;
  };
  return svg
    .replace(
      /<g class="mark-(?:line|area) role-mark (means|bands|seeds|broken)_marks"/g,
      (tag, layer: OwnedLayer) => tag + owner(layer),
    )
    .replace(
      /<g class="mark-\w+ role-mark (marks|crosses|ends|names)_marks"[^>]*>.*?<\/g>/gs,
      (group, layer: OwnedLayer) => group.replace(/<(path|text)\b/g, (tag) => tag + owner(layer)),
    );
}
