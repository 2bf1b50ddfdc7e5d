/** Pictures in pixels, for paper and slides. */
import { INKS } from "./palette.ts";
import { FONT, FONT_SIZE } from "./plots/theme.ts";
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
  // The renderer reads neither the shorthand of the style sheet nor names in quotes.
  const font = `font-family="${FONT.replaceAll('"', "")}" font-size="${FONT_SIZE}"`;
  return new Resvg(light.replace("<svg ", `<svg ${font} `), {
    fitTo: { mode: "zoom", value: SCALE },
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  })
    .render()
    .asPng();
}
