import type { Table } from "../report/document.ts";
import { width } from "./paint.ts";

/** Columns that line up; the widest text column gives way where the terminal is narrow. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], align: string): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const gaps = 2 * (head.length - 1);
  const over = widths.reduce((a, b) => a + b, 0) + gaps - width();
  if (over > 0 && process.stdout.isTTY) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(8, widths[widest] - over);
  }
  const cell = (text: string, i: number): string => {
    const fit = text.length > widths[i] ? `${text.slice(0, widths[i] - 1)}…` : text;
    return align[i] === "r" ? fit.padStart(widths[i]) : fit.padEnd(widths[i]);
  };
  return [head, widths.map((w) => "─".repeat(w)), ...rows].map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** A report's table, in plain text. */
export const documentTable = ({ columns, rows }: Pick<Table, "columns" | "rows">): string =>
  table(
    columns.map(({ header }) => header),
    rows.map((row) => row.map(({ text }) => text)),
    columns.map(({ align }) => align[0]).join(""),
  );
