/** Draws specifications away from the page, which stays responsive. */
import type { TopLevelSpec } from "vega-lite";
import { draw } from "../drawing/draw.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = async ({ data: { id, spec } }: MessageEvent<{ id: number; spec: TopLevelSpec }>) => {
  try {
    scope.postMessage({ id, svg: await draw(spec) });
  } catch (error) {
    scope.postMessage({ id, error: String(error) });
  }
};
