/** Every picture of a report as files: SVG for light and dark, PNG for paper and slides, and the data behind it as CSV. */
import type { Block, Picture, PictureView, ReportDocument } from "./document.ts";
import { INKS } from "./palette.ts";
import { paintVariables, pictureFile } from "./svg.ts";

const picturesOf = (blocks: readonly Block[]): Picture[] =>
  blocks.flatMap((b) => (b.kind === "picture" ? [b.picture] : b.kind === "fold" ? picturesOf(b.blocks) : []));

/** Pixels of a PNG for each of the drawing's. */
const SCALE = 2;

/** @returns contents by name: `ranking.svg`, `ranking.png`, `ranking.csv`; further views of the same data as `test-loss-linear.svg`, … */
export async function pictureFiles({ sections }: ReportDocument): Promise<Record<string, string | Uint8Array>> {
  const { Resvg } = await import("@resvg/resvg-js");
  const files: Record<string, string | Uint8Array> = {};
  for (const picture of sections.flatMap((s) => picturesOf(s.blocks))) {
    files[`${picture.id}.csv`] = picture.csv;
    picture.views.forEach((view: PictureView, i: number) => {
      const name = i === 0 ? picture.id : `${picture.id}-${i + 1}`;
      const svg = pictureFile({ ...picture, views: [view] });
      files[`${name}.svg`] = svg;
      const light = paintVariables(svg, (ink) => INKS[ink].light).replace(/<g class="[^"]*seeds_pathgroup[^"]*"/g, '<g display="none"'); // biome-ignore format: one line
      const drawing = new Resvg(light, { fitTo: { mode: "zoom", value: SCALE }, font: { loadSystemFonts: true } });
      files[`${name}.png`] = drawing.render().asPng();
    });
  }
  return files;
}
