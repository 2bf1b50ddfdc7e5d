/** Specifications of pictures to SVG as pages show it. Runs in a worker; Vega interprets its expressions instead of making code of them. */
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { pagePicture } from "../../../src/report/svg.ts";

export async function draw(spec: TopLevelSpec): Promise<string> {
  const runtime = parse(compile(spec).spec, undefined, { ast: true } as object);
  const view = new View(runtime, { renderer: "none", expr: expressionInterpreter } as object);
  const svg = await view.toSVG();
  view.finalize();
  return pagePicture(svg);
}
