/** The report as a PDF to hand in: title, contents, numbered sections, tables, pictures as vectors, page numbers. */
import type { Content, TDocumentDefinitions, TFontDictionary } from "pdfmake/interfaces.js";
import type { Block, Panel, Picture, ReportDocument, Section } from "../document.ts";
import { sizeOf } from "../svg.ts";
import { type Words, wordsIn } from "../words/index.ts";
import { figure } from "./figures.ts";
import { type FontFamily, hanFont, hasHan, latinFont, openedAs } from "./fonts.ts";
import { tableContent } from "./tables.ts";
import { styled } from "./words.ts";

const MARGIN = { side: 51, top: 56, bottom: 54 };
/** Of A4, between the margins, in points. */
const WIDTH = 595.28 - 2 * MARGIN.side;
const INK = "#1c1f24";
const MUTED = "#5b626c";

/** What has been numbered so far. */
interface Numbers {
  pictures: number;
  tables: number;
}

function content(block: Block, numbers: Numbers, words: Words): Content[] {
  switch (block.kind) {
    case "prose":
      return [{ text: styled(block.text), style: block.lead ? "lead" : "prose" }];
    case "list":
      return [{ ul: block.items.map((item) => ({ text: styled(item) })), style: "prose" }];
    case "table": {
      const caption = `${words.page.table({ n: ++numbers.tables })} `;
      return [
        { text: [...styled(caption, { bold: true }), ...styled(block.table.caption)], style: "caption" },
        ...tableContent(block.table, WIDTH),
      ];
    }
    case "picture":
      return picture(block.picture, ++numbers.pictures, words);
    case "code":
        return [{ text: styled(block.text.trimEnd()).map((run) => ({ ...run, font: run.font === "Han" ? "Han" : "Mono" })), style: "code" }]; // biome-ignore format: one line
    case "fold":
      return [{ text: styled(block.heading), style: "fold" }, ...blocks(block.blocks, numbers, words)];
  }
}

const blocks = (all: readonly Block[], numbers: Numbers, words: Words): Content[] =>
  all.flatMap((block) => content(block, numbers, words));

/** As many panels side by side as stay legible. */
function panelRows(panels: readonly Panel[]): { row: Panel[]; width: number }[] {
  const widest = Math.max(...panels.map((p) => sizeOf(p.svg).width));
  const across = Math.min(panels.length, widest > 600 ? 1 : widest > 400 ? 2 : 3);
  const width = Math.min((WIDTH - 10 * (across - 1)) / across, 0.62 * widest);
  return Array.from({ length: Math.ceil(panels.length / across) }, (_, i) => ({
    row: panels.slice(i * across, (i + 1) * across),
    width,
  }));
}

function picture({ title, subtitle, views: [view] }: Picture, n: number, words: Words): Content[] {
  const rows = panelRows(view.panels).map(
    ({ row, width }): Content => ({
      columns: row.map((p) => ({
        width,
        stack: [
          ...(p.heading ? [{ text: styled(p.heading, { bold: true }), fontSize: 7.5, margin: 2 }] : []),
          figure(p.svg, width),
        ],
      })) as Content[],
      columnGap: 10,
      margin: [0, 2, 0, 6],
      unbreakable: true,
    }),
  );
  const head: Content[] = [
    { text: [...styled(`${words.page.figure({ n })} `), ...styled(title)], style: "title" },
    { text: styled(subtitle), style: "caption", margin: [0, 0, 0, 4] },
  ];
  return [{ stack: [...head, ...rows.slice(0, 1)], unbreakable: true, margin: [0, 8, 0, 0] }, ...rows.slice(1)];
}

function section({ heading, blocks: own }: Section, i: number, numbers: Numbers, words: Words): Content[] {
  const head = {
    text: styled(`${i + 1}  ${heading}`),
    style: "heading",
    tocItem: true,
    tocMargin: [0, 3, 0, 0],
    outline: true,
    headlineLevel: 1,
  } as Content;
  const [first, ...rest] = blocks(own, numbers, words);
  // With what stands below it: a heading does not stand alone at the foot of a page.
  return [{ stack: [head, ...(first ? [first] : [])], unbreakable: own[0]?.kind === "picture" }, ...rest];
}

function definition({ title, question, facts, sections, language = "en" }: ReportDocument): TDocumentDefinitions {
  const words = wordsIn(language);
  const numbers: Numbers = { pictures: 0, tables: 0 };
  return {
    pageSize: "A4",
    pageMargins: [MARGIN.side, MARGIN.top, MARGIN.side, MARGIN.bottom],
    info: { title: `${title} · losslab`, creator: "losslab", producer: "losslab" },
    language: words.page.code,
    defaultStyle: { font: "Latin", fontSize: 9.5, lineHeight: 1.25, color: INK },
    styles: {
      heading: { fontSize: 15, bold: true, margin: [0, 18, 0, 6] },
      fold: { fontSize: 10.5, bold: true, margin: [0, 8, 0, 4] },
      title: { fontSize: 9.5, bold: true, margin: [0, 4, 0, 1] },
      lead: { fontSize: 11.5, margin: [0, 2, 0, 6] },
      prose: { margin: [0, 2, 0, 6] },
      caption: { fontSize: 8, color: MUTED, margin: [0, 6, 0, 2] },
      code: { fontSize: 7.5, margin: [0, 4, 0, 8], preserveLeadingSpaces: true },
    },
    footer: (page, pages) => ({
      columns: [
        { text: styled(title), alignment: "left" },
        { text: `${page} / ${pages}`, alignment: "right" },
      ],
      fontSize: 8,
      color: MUTED,
      margin: [MARGIN.side, 20, MARGIN.side, 0],
    }),
    pageBreakBefore: (node) => node.headlineLevel === 1 && node.startPosition.verticalRatio > 0.88,
    content: [
      { text: styled(title, { bold: true }), fontSize: 24, margin: [0, 40, 0, 8] },
      ...(question ? [{ text: styled(question), fontSize: 13, margin: [0, 0, 0, 10] } as Content] : []),
      { text: styled(facts.join(" · ")), fontSize: 8.5, color: MUTED, margin: [0, 0, 0, 26] },
      { toc: { title: { text: styled(words.page.contents, { bold: true }), fontSize: 13 } } } as Content,
      { text: "", pageBreak: "after" },
      ...sections.flatMap((s, i) => section(s, i, numbers, words)),
    ],
  };
}

/** Everything that would be written, to see which fonts it needs. */
const whole = (document: ReportDocument): string => JSON.stringify(document);

const family = ({ normal, bold }: FontFamily) => ({ normal, bold, italics: normal, bolditalics: bold });

/**
 * @param font file with Chinese characters, for what has some; without it one of the system's
 * @returns the bytes of the file
 * @throws UserError when characters need a font that is not there
 */
export async function pdf(document: ReportDocument, { font }: { font?: string } = {}): Promise<Uint8Array> {
  const latin = latinFont();
  const han = hasHan(whole(document)) ? hanFont(font) : null;
  const fonts = {
    Latin: family(latin),
    Mono: family({ normal: latin.mono, bold: latin.mono }),
    ...(han && { Han: family(han), HanInPictures: family({ normal: openedAs(han.normal), bold: openedAs(han.bold) }) }),
  };
  const { default: pdfmake } = await import("pdfmake");
  pdfmake.setLocalAccessPolicy(() => true); // fonts alone are read
  pdfmake.setUrlAccessPolicy(() => false); // nothing is asked for
  pdfmake.setFonts(fonts as TFontDictionary);
  return new Uint8Array(await pdfmake.createPdf(definition(document)).getBuffer());
}
