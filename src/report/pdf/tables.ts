/** Tables that stay on the page: columns as narrow as their words allow, and what still does not fit below. */
import type { Content, TableCell } from "pdfmake/interfaces.js";
import type { Cell, Table } from "../document.ts";
import { textWidth } from "../text-width.ts";
import { styled } from "./words.ts";

const FONT_SIZE = 7.5;
const GAP = 8;
/** Names longer than this are broken. */
const WIDEST_WORDS = 170;
/** DejaVu Sans Condensed against the font that widths are estimated by, regular and bold. */
const CONDENSED = { regular: 0.94, bold: 1.04 };

const widthOf = (text: string, weight: keyof typeof CONDENSED = "regular"): number =>
  textWidth(text, FONT_SIZE) * CONDENSED[weight];
/** Headers are broken between words, Chinese ones between any two characters. */
const headWidth = (text: string): number => {
  const longest = Math.max(...text.split(/ |(?<=[\u2e80-\uff60])/).map((word) => widthOf(word, "bold")));
  return Math.max(longest, Math.min(widthOf(text, "bold") / 2, 60));
};

function naturalWidths({ columns, rows }: Table): number[] {
  return columns.map(({ header, align }, i) => {
    const cells = Math.max(0, ...rows.map((r) => widthOf(r[i]?.text ?? "", r[i]?.strong ? "bold" : "regular")));
    return Math.max(headWidth(header), align === "left" ? Math.min(cells, WIDEST_WORDS) : cells) + 2;
  });
}

/** Places of columns for each table that a wide one is parted into; all begin with the first column. */
function parts(widths: readonly number[], page: number): number[][] {
  const result: number[][] = [[0]];
  let used = widths[0];
  for (let i = 1; i < widths.length; i++) {
    const last = result[result.length - 1];
    if (last.length > 1 && used + GAP + widths[i] > page) {
      result.push([0, i]);
      used = widths[0] + GAP + widths[i];
    } else {
      last.push(i);
      used += GAP + widths[i];
    }
  }
  return result;
}

const body = (cell: Cell | undefined, align: "left" | "right"): TableCell => {
  const dot = cell?.style ? [{ text: "● ", color: cell.style.color, font: "Latin" }] : [];
  return { text: [...dot, ...styled(cell?.text ?? "", { bold: cell?.strong ?? false })], alignment: align };
};

/** A part of a table that fits on the page: which columns, and how wide they and what is between them are. */
export interface TablePart {
  places: number[];
  /** In points; they add up to at most the page's width. */
  widths: number[];
}

/** @param page width between the margins, in points */
export function partsOf(table: Table, page: number): TablePart[] {
  const natural = naturalWidths(table);
  if (table.rows.some((r) => r[0]?.style)) natural[0] += widthOf("● ");
  return parts(natural, page).map((places) => {
    const total = places.reduce((sum, i) => sum + natural[i] + GAP, 0);
    const scale = Math.min(1, page / total);
    return { places, widths: places.map((i) => (natural[i] + GAP) * scale) };
  });
}

export function tableContent(table: Table, page: number): Content[] {
  const { columns, rows } = table;
  return partsOf(table, page).map(
    ({ places, widths }): Content => ({
      fontSize: FONT_SIZE,
      margin: [0, 2, 0, 10],
      table: {
        headerRows: 1,
        dontBreakRows: true,
        keepWithHeaderRows: 1,
        widths: widths.map((w) => w - GAP),
        body: [
          places.map(
            (i): TableCell => ({ text: styled(columns[i].header, { bold: true }), alignment: columns[i].align }),
          ),
          ...rows.map((row) => places.map((i) => body(row[i], columns[i].align))),
        ],
      },
      layout: {
        hLineWidth: (i) => (i === 0 ? 0 : i === 1 ? 0.7 : 0.3),
        vLineWidth: () => 0,
        hLineColor: (i) => (i === 1 ? "#5b626c" : "#d5d9df"),
        paddingLeft: (i) => (i === 0 ? 0 : GAP / 2),
        paddingRight: () => GAP / 2,
        paddingTop: () => 2,
        paddingBottom: () => 2,
      },
    }),
  );
}
