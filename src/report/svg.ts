/** What becomes of the SVG text that Vega writes: small, and one picture for light and dark. */
import { contentHash } from "../util/hash.ts";
import type { Picture } from "./document.ts";
import { INKS, type Ink } from "./palette.ts";
import { FONT } from "./plots/theme.ts";
import { plainText } from "./text.ts";
import { fitText } from "./text-width.ts";

const names = Object.keys(INKS) as Ink[];

/** Rounds coordinates to a tenth of a pixel. */
const rounded = (svg: string): string =>
  svg.replace(/ (d|transform|points)="([^"]*)"/g, (_, attribute: string, value: string) => {
    const short = value.replace(/-?\d+\.\d{2,}(e-?\d+)?/g, (n) => String(Math.round(Number(n) * 10) / 10));
    return ` ${attribute}="${short}"`;
  });

/** Replaces the placeholder colours. */
export function paint(svg: string, color: (name: Ink) => string): string {
  let painted = svg;
  for (const name of names) painted = painted.replaceAll(`"${INKS[name].drawn}"`, `"${color(name)}"`);
  return painted;
}

/** Replaces the CSS variables of a picture for a page by colours, for where there is no style sheet. */
export function paintVariables(svg: string, color: (name: Ink) => string): string {
  let painted = svg;
  for (const name of names) painted = painted.replaceAll(`var(--${name})`, color(name));
  return painted;
}

/**
 * From Vega's output to a picture for a page: scales to the width it is given, takes the colours of text and grid from the
 * page's CSS variables `--ink`, `--muted`, … and is silent to screen readers, which get the figure's text instead.
 */
export function pagePicture(svg: string): string {
  const short = rounded(svg)
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .replace(/ version="1.1"/, "")
    .replace(/<rect width="\d+" height="\d+" fill="transparent"\/>/, "")
    .replace(/ (aria-[a-z]+|role)="[^"]*"/g, "")
    .replace(/ font-family="[^"]*" font-size="12px"/g, "")
    .replace(/ font-family="[^"]*"/g, "")
    .replace("<svg ", '<svg aria-hidden="true" ')
    .replace(/ stroke-miterlimit="\d+"/g, "")
    .replace(/<path class="background"[^>]*\/>/g, "")
    .replace(/<path class="foreground"[^>]*\/>/g, "");
  return paint(emptyGroups(sharedClips(short)), (name) => `var(--${name})`);
}

/**
 * One clip path for all marks that are clipped alike, under a name that no other picture on the page has. Vega makes one for each
 * mark and counts them through all pictures that it has ever drawn.
 */
function sharedClips(svg: string): string {
  const first = new Map<string, string>();
  const alias = new Map<string, string>();
  const once = svg.replace(/<clipPath id="(clip\d+)">(.*?)<\/clipPath>/gs, (whole, id: string, shape: string) => {
    const known = first.get(shape);
    alias.set(id, known ?? `clip-${first.size + 1}`);
    if (known) return "";
    first.set(shape, alias.get(id)!);
    return whole.replace(id, alias.get(id)!);
  });
  const named = once.replace(/url\(#(clip\d+)\)/g, (_, id: string) => `url(#${alias.get(id) ?? id})`);
  const own = contentHash(named).slice(0, 8);
  return named.replace(/(id="|url\(#)clip-/g, `$1c${own}-`);
}

/** Drops groups without content, as those of layers without marks. */
function emptyGroups(svg: string): string {
  for (let before = ""; before !== svg; ) {
    before = svg;
    svg = svg
      .replace(/<g\b[^>]*\/>/g, "")
      .replace(/<g\b(?:[^>]*[^/>])?><\/g>/g, "")
      .replace(/<g>(<path[^>]*\/>)<\/g>/g, "$1");
  }
  return svg;
}

/** What pictures inherit from where they stand: on a page from its style sheet, in a file from this. */
const FILE_CSS = `svg{font:12px ${FONT};}.seeds_pathgroup{display:none}`;

const variables = (mode: "light" | "dark"): string => names.map((n) => `--${n}:${INKS[n][mode]}`).join(";");

/** The picture as a file of its own: with its colours for light and dark, its ground and its title. */
export function standalonePicture(svg: string, title: string, description: string): string {
  const style = `svg{${variables("light")}}@media(prefers-color-scheme:dark){svg{${variables("dark")}}}${FILE_CSS}`;
  return svg
    .replace(' aria-hidden="true"', ' role="img"')
    .replace(
      />/,
      `><title>${escapeXml(title)}</title><desc>${escapeXml(description)}</desc><style>${style}</style><rect width="100%" height="100%" fill="var(--ground)"/>`,
    );
}

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** The size in a picture's view box. */
export function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Several pictures in rows of `columns`, each with a heading, as one. */
export function composed(panels: readonly { heading: string; svg: string }[], columns: number): string {
  const sizes = panels.map((p) => sizeOf(p.svg));
  const across = Math.min(columns, panels.length);
  const width = Math.max(...sizes.map((s) => s.width));
  const height = Math.max(...sizes.map((s) => s.height)) + 26;
  const rows = Math.ceil(panels.length / across);
  const placed = panels.map(({ heading, svg }, i) => {
    const [x, y] = [(i % across) * (width + 16), Math.floor(i / across) * (height + 12)];
    const head = heading
      ? `<text x="${x + 2}" y="${y + 14}" fill="var(--ink)" font-weight="600">${escapeXml(heading)}</text>`
      : "";
    return head + svg.replace("<svg ", `<svg x="${x}" y="${y + 24}" `);
  });
  const [w, h] = [across * (width + 16) - 16, rows * (height + 12) - 12];
  return `<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${placed.join("")}</svg>`;
}

/** Large panels stand below each other, small ones in rows. */
export function columnsFor(panels: readonly { svg: string }[]): number {
  const widest = Math.max(...panels.map((p) => sizeOf(p.svg).width));
  return widest > 600 ? 1 : widest > 400 ? 2 : 3;
}

const EDGE = 16;

/** All panels of a picture's first view as one file, headed by what is seen and what is drawn. */
export function pictureFile(picture: Picture): string {
  const { views: [{ panels }] } = picture; // biome-ignore format: one line
  const [title, subtitle, alt] = [picture.title, picture.subtitle, picture.alt].map(plainText);
  const body = composed(panels, columnsFor(panels));
  const { width, height } = sizeOf(body);
  const [w, h] = [width + 2 * EDGE, height + 48];
  const line = (text: string, fontSize: number, y: number, look: string): string =>
    `<text x="${EDGE + 2}" y="${y}" ${look}>${escapeXml(fitText(text, width, fontSize))}</text>`;
  const parts = [
    line(title, 14, 24, 'fill="var(--ink)" font-weight="600"'), // at 12 px, but bold letters are wider
    line(subtitle, 12, 42, 'fill="var(--muted)"'),
    body.replace("<svg ", `<svg x="${EDGE}" y="36" `),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${parts.join("")}</svg>`;
  return standalonePicture(svg, title, alt);
}
