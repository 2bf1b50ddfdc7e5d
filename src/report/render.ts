import type { TopLevelSpec } from "vega-lite";
import { pagePicture } from "./svg.ts";

/** Vega takes a moment to load: only when there is a picture to draw. */
const load = () => Promise.all([import("vega"), import("vega-lite")]);

/** Draws a specification as the SVG of `pagePicture`. Runs in Node and in a browser. What Vega-Lite warns of goes to the console. */
export async function render(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await load();
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return pagePicture(svg);
}
