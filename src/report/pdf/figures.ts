/** Pictures as vectors on paper. */
import type { ContentSvg } from "pdfmake/interfaces.js";
import { INKS } from "../palette.ts";
import { paintVariables, sizeOf } from "../svg.ts";
import { runsOf } from "./fonts.ts";

/** A panel's drawing in the colours of paper, without what is shown on demand; fonts are named where it needs another. */
export function onPaper(svg: string): string {
  const painted = paintVariables(svg, (name) => INKS[name].light)
    .replace(/<g class="[^"]*seeds_pathgroup[^"]*"/g, '<g display="none"')
    .replace(/<text([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, text: string) => {
      const runs = runsOf(text);
      if (!runs.some((r) => r.han)) return `<text${attributes}>${text}</text>`;
      const spans = runs.map((r) => (r.han ? `<tspan font-family="HanInPictures">${r.text}</tspan>` : r.text));
      return `<text${attributes}>${spans.join("")}</text>`;
    });
  return painted.replace("<svg ", '<svg font-size="12" font-family="Latin" ');
}

/** A drawing as wide as asked, of a height that goes with it. */
export function figure(svg: string, width: number): ContentSvg {
  const size = sizeOf(svg);
  return { svg: onPaper(svg), width, height: (width * size.height) / size.width, font: "Latin" } as ContentSvg;
}
