import type { Runtime } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { pagePicture } from "./svg.ts";

/** Vega takes a moment to load: only when there is a picture to draw. */
const load = () => Promise.all([import("vega"), import("vega-lite")]);

/** Compiled pictures by what they are apart from their data: the panels of a figure are often alike. */
const compiled = new Map<string, Runtime>();
const MOST_COMPILED = 200;

/** Draws a specification as the SVG of `pagePicture`. Runs in Node and in a browser. What Vega-Lite warns of goes to the console. */
export async function render(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await load();
  const { frame, data } = apart(spec);
  const key = JSON.stringify(frame);
  const runtime = compiled.get(key) ?? vega.parse(vegaLite.compile(frame).spec);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(key, runtime);
  const view = new vega.View(runtime, { renderer: "none" });
  for (const [name, values] of data) view.data(name, values);
  const svg = await view.toSVG();
  view.finalize();
  return pagePicture(svg);
}

/** A specification with names in the places of its data, and the data by these names. */
function apart(spec: TopLevelSpec): { frame: TopLevelSpec; data: Map<string, object[]> } {
  const data = new Map<string, object[]>();
  const named = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(named);
    if (!part || typeof part !== "object") return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => {
        if (key !== "data" || !value?.values) return [key, named(value)];
        const name = `data-${data.size}`;
        data.set(name, value.values);
        return [key, { ...value, values: undefined, name }];
      }),
    );
  };
  return { frame: named(spec) as TopLevelSpec, data };
}
