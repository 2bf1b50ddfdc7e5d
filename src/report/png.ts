/** Pictures in pixels, for paper and slides. */
import { INKS } from "./palette.ts";
import { paintVariables } from "./svg.ts";

/** Pixels for each of the drawing's. */
const SCALE = 2;

/** @param svg a picture's file, which is drawn in the colours of light pages, without what is shown on demand alone */
export async function png(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const light = paintVariables(svg, (ink) => INKS[ink].light).replace(
    /<g class="[^"]*seeds_pathgroup[^"]*"/g,
    '<g display="none"',
  );
  return new Resvg(light, { fitTo: { mode: "zoom", value: SCALE }, font: { loadSystemFonts: true } }).render().asPng();
}
