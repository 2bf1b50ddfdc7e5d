/** Every picture of a report as files: SVG for light and dark, PNG for paper and slides, and the data behind it as CSV. */
import type { Block, Picture, ReportDocument } from "./document.ts";
import { png } from "./png.ts";
import { pictureFile } from "./svg.ts";

export const picturesOf = (blocks: readonly Block[]): Picture[] =>
  blocks.flatMap((b) => (b.kind === "picture" ? [b.picture] : b.kind === "fold" ? picturesOf(b.blocks) : []));

/** @returns contents by name: `ranking.svg`, `ranking.png`, `ranking.csv`; further views of the same data as `test-loss-linear.svg`, … */
export async function pictureFiles({ sections }: ReportDocument): Promise<Record<string, string | Uint8Array>> {
  const files: Record<string, string | Uint8Array> = {};
  for (const picture of sections.flatMap((s) => picturesOf(s.blocks))) {
    files[`${picture.id}.csv`] = picture.csv;
    for (const [i, view] of picture.views.entries()) {
      const name = i === 0 ? picture.id : `${picture.id}-${i + 1}`;
      const svg = pictureFile({ ...picture, views: [view] });
      files[`${name}.svg`] = svg;
      files[`${name}.png`] = await png(svg);
    }
  }
  return files;
}
