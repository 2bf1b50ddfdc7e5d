import type { Block, Cell, Panel, Picture, ReportDocument, Said, Section, Table } from "./document.ts";
import { type FigureCurves, figureCurves, pageScript } from "./html-curves.ts";
import { type Rows, rowsOf } from "./html-rows.ts";
import { STYLE } from "./html-style.ts";
import { MARKS, type SeriesStyle } from "./palette.ts";
import { escapeXml as escape_, sizeOf } from "./svg.ts";
import { plainText, type Stated } from "./text.ts";
import { textWidth } from "./text-width.ts";
import { type Words, wordsIn } from "./words/index.ts";

/** What parts of a page need to know of the whole. */
interface Page {
  words: Words;
  rows: Rows;
}

/** The report as one file that needs nothing else: no request, light and dark, screen and paper. */
export function html(document: ReportDocument): string {
  const { title, question, facts, sections, language = "en" } = document;
  const page: Page = { words: wordsIn(language), rows: rowsOf(document) };
  const say = page.words.page;
  const theme = (value: keyof typeof say.themes, checked = "") =>
    `<input type="radio" name="theme" id="theme-${value}"${checked}><label for="theme-${value}">${say.themes[value]}</label>`;
  const body = ownClips(sections.map((s) => section(s, page)).join("\n"));
  const script = body.includes("<figure data-curves") ? pageScript(page.words) : null;
  return `<!doctype html>
<html lang="${say.code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:${script ? `; script-src ${script.source}` : ""}">
<meta name="color-scheme" content="light dark">
<title>${escape_(title)} · losslab</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#${sections[0].id}">${say.skip}</a>
<div class="page">
<nav aria-label="${say.contents}">
<ol>${sections.map((s) => `<li><a href="#${s.id}">${escape_(s.heading)}</a></li>`).join("")}</ol>
<div class="controls">
<fieldset class="switch"><legend>${say.colours}</legend>${theme("auto", " checked")}${theme("light")}${theme("dark")}</fieldset>
${body.includes("seeds_pathgroup") ? `<p class="check"><input type="checkbox" id="seeds"> <label for="seeds">${say.singleSeeds}</label></p>\n` : ""}</div>
</nav>
<main>
<header>
<h1>${escape_(title)}</h1>
${question ? `<p class="question">${escape_(question)}</p>\n` : ""}<p class="facts">${facts.map((f) => `<span>${escape_(f)}</span>`).join(" ")}</p>
</header>
${body}
</main>
</div>
${script ? `<script>${script.text}</script>\n` : ""}</body>
</html>
`;
}

/** Pictures that are equal, as those of losses that are, have clip paths of equal names: all but the first get names of their own. */
function ownClips(body: string): string {
  const seen = new Map<string, number>();
  return body.replace(/<svg [\s\S]*?<\/svg>/g, (svg) =>
    [...svg.matchAll(/<clipPath id="([^"]+)"/g)].reduce((own, [, id]) => {
      const before = seen.get(id) ?? 0;
      seen.set(id, before + 1);
      if (before === 0) return own;
      const name = `${id}-${before + 1}`;
      return own.replaceAll(`id="${id}"`, `id="${name}"`).replaceAll(`url(#${id})`, `url(#${name})`);
    }, svg),
  );
}

const section = ({ id, heading, blocks }: Section, page: Page): string =>
  `<details class="section" id="${id}" open><summary><h2>${escape_(heading)}</h2></summary>\n${blocks.map((b) => block(b, id, page)).join("\n")}\n</details>`;

/** @param within id of the section that it stands in */
function block(b: Block, within: string, page: Page): string {
  const say = (text: Said): string => inline(text, within, page);
  switch (b.kind) {
    case "prose":
      return `<p${b.lead ? ' class="lead"' : ""}>${say(b.text)}</p>`;
    case "list":
      return `<ul>${b.items.map((item) => `<li>${say(item)}</li>`).join("")}</ul>`;
    case "table":
      return table(b.table, say, page);
    case "picture":
      return picture(b.picture, say, page);
    case "code":
      return `<pre tabindex="0"><code>${escape_(b.text)}</code></pre>`;
    case "fold":
      return `<details class="fold"><summary>${escape_(b.heading)}</summary>\n${b.blocks.map((inner) => block(inner, within, page)).join("\n")}\n</details>`;
  }
}

type Say = (text: Said) => string;

/** A number of a sentence: unrounded on demand, and leading to the row that has it too. */
function stated({ text, value, halfWidth, of }: Stated, within: string, { rows }: Page): string {
  const said = escape_(text).replaceAll(" ", "\u00a0");
  const row = value === undefined || of === undefined ? undefined : rows.nearest(within, of);
  if (row === undefined) return value === undefined ? escape_(text) : said;
  const exact = halfWidth == null ? String(value) : `${value} ± ${halfWidth}`;
  return `<a class="number" href="#${row}" title="${exact}">${said}</a>`;
}

/** Text with `code` in it; a number is not parted from its interval and its unit. */
function inline(text: Said, within: string, page: Page): string {
  const parts = typeof text === "string" ? [text] : text.parts;
  return parts
    .map((part) =>
      typeof part === "string"
        ? escape_(part)
            .replace(/`([^`]+)`/g, "<code>$1</code>")
            .replaceAll(" ± ", "\u00a0±\u00a0")
        : stated(part, within, page),
    )
    .join("")
    .replace(/(\d|<\/a>) (%|points|个百分点)/g, "$1\u00a0$2");
}

function swatch({ color, dash, shape }: SeriesStyle): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  return `<svg class="swatch" width="22" height="10" viewBox="0 0 22 10" aria-hidden="true"><path d="M0 5H22" stroke="${color}" stroke-width="2"${dashes}/><path d="${MARKS[shape]}" fill="${color}"/></svg>`;
}

/** A4 in pixels of CSS, within its margins, with the fonts (bold is wider by a tenth), gaps and marks that tables have there. */
const PAPER = { width: 688, font: 12, headFont: 1.12 * 11.4, gap: 8, mark: 30 };

/** What the texts of a table want on paper, headers parted between words. @param lines those of a cell's text */
const paperWidth = ({ columns, rows }: Table, lines: (text: string) => readonly string[]): number =>
  columns.reduce((sum, { header }, i) => {
    const widest = (texts: readonly string[], font: number) => Math.max(0, ...texts.map((t) => textWidth(t, font)));
    const cells = rows.flatMap((r) => lines(r[i].text));
    return sum + Math.max(widest(cells, PAPER.font), widest(header.split(" "), PAPER.headFont)) + PAPER.gap;
  }, 0);

/** How a table gets onto paper: where it is too wide, intervals go below their means, and then the type shrinks. */
function onPaper(table: Table): string {
  const room = PAPER.width - (table.rows.some((r) => r[0].style) ? PAPER.mark : 0);
  if (paperWidth(table, (text) => [text]) <= room) return ' class="short"';
  const narrow = paperWidth(table, (text) => text.split(/ (?=[^\d\s])/));
  return ` class="short wide" style="--fit:${Math.min(1, room / narrow).toFixed(3)}"`;
}

function table(table: Table, say: Say, page: Page): string {
  const { caption, columns, rows } = table;
  const ids = page.rows.idsOf(table);
  const side = (i: number) => (columns[i].align === "right" ? ' class="number"' : "");
  const cell = (c: Cell, i: number) => {
    const title = c.exact === undefined ? "" : ` title="${escape_(c.exact)}"`;
    const said = escape_(c.text).replaceAll(" ± ", " ±\u00a0");
    const text = `${c.style ? swatch(c.style) : ""}${c.strong ? `<strong>${said}</strong>` : said}`;
    return i === 0 ? `<th scope="row"${side(i)}${title}>${text}</th>` : `<td${side(i)}${title}>${text}</td>`;
  };
  const words = rows.some((r) => r.some((c, i) => i > 0 && c.text.length > 48));
  const head = columns.map((c, i) => `<th scope="col"${side(i)}>${escape_(c.header)}</th>`).join("");
  return `<p class="caption">${say(caption)}</p>
<div class="table" tabindex="0" role="region" aria-label="${escape_(plainText(caption))}"><table${words ? "" : onPaper(table)}><thead><tr>${head}</tr></thead>
<tbody>
${rows.map((r, i) => `<tr${ids[i] ? ` id="${ids[i]}"` : ""}>${r.map(cell).join("")}</tr>`).join("\n")}
</tbody></table></div>`;
}

/** Text as the address of a download, with as little escaped as may be: browsers read the rest as it stands. */
const dataAddress = (type: string, text: string): string =>
  `data:${type};charset=utf-8,${escape_(text.replace(/[%#\n\r\t]/g, encodeURIComponent))}`;

const drawn = (svg: string): string => svg.replace(' xmlns="http://www.w3.org/2000/svg"', "");

function panel({ heading, svg, narrow, frames }: Panel, curves: FigureCurves): string {
  const { width } = sizeOf(svg);
  const wide = `<div class="${narrow ? "wide" : ""}" style="max-width:${Math.round(width * 1.1)}px"${curves.frame(frames?.wide)}>${drawn(curves.marked(svg, frames?.wide))}</div>`;
  const other = narrow
    ? `<div class="narrow"${curves.frame(frames?.narrow)}>${drawn(curves.marked(narrow, frames?.narrow))}</div>`
    : "";
  return `<div class="panel">${heading ? `<h4>${escape_(heading)}</h4>` : ""}${wide}${other}</div>`;
}

function picture(shown: Picture, say: Say, { words }: Page): string {
  const { id, title, subtitle, alt, views, csv } = shown;
  const curves = figureCurves(shown);
  const body = views.map(({ panels }) => {
    const width = Math.max(...panels.map((p) => sizeOf(p.svg).width));
    const uneven = new Set(panels.map((p) => sizeOf(p.svg).height)).size > 1 ? " uneven" : "";
    return `<div class="view" role="img" aria-label="${escape_(plainText(alt))}"><div class="panels${uneven}" style="--w:${Math.round(width * 0.92)}px">${panels.map((p) => panel(p, curves)).join("\n")}</div></div>`;
  });
  const switches = views.map(
    ({ name }, i) =>
      `<input type="radio" name="${id}-view" id="${id}-${i}"${i === 0 ? " checked" : ""}><label for="${id}-${i}">${escape_(name)}</label>`,
  );
  const several = views.length > 1;
  return `<figure${curves.attributes} id="figure-${id}">
<figcaption><h3>${say(title)}</h3><p>${escape_(plainText(subtitle))}</p></figcaption>
<div class="views${several ? " switch" : " only"}">${several ? switches.join("") : ""}${body.join("")}</div>
<p class="links"><a download="${id}.csv" href="${dataAddress("text/csv", csv)}">${words.page.data}</a></p>
</figure>`;
}
