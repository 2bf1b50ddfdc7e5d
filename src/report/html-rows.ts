/** Where in a page the rows of configurations stand, so that numbers in sentences can lead there. */
import type { Block, ReportDocument, Section, Table } from "./document.ts";

export interface Rows {
  /** Ids of a table's rows; null for those that are of no configuration. */
  idsOf(table: Table): readonly (string | null)[];
  /** The row of a configuration that is nearest to a sentence of this section; undefined where there is none. */
  nearest(section: string, configuration: string): string | undefined;
}

export const tablesOf = (blocks: readonly Block[]): Table[] =>
  blocks.flatMap((b) => (b.kind === "table" ? [b.table] : b.kind === "fold" ? tablesOf(b.blocks) : []));

/** Numbers of sentences without a table of their own lead to the ranking, the first table of configurations. */
export function rowsOf({ sections }: Pick<ReportDocument, "sections">): Rows {
  const ids = new Map<Table, (string | null)[]>();
  const bySection = new Map<string, Map<string, string>>();
  const first = new Map<string, string>();
  let rows = 0;
  for (const { id, blocks } of sections as readonly Section[]) {
    const own = new Map<string, string>();
    bySection.set(id, own);
    for (const table of tablesOf(blocks)) {
      const each = table.rows.map(([{ of }]) => (of === undefined ? null : `row-${++rows}`));
      ids.set(table, each);
      each.forEach((row, i) => {
        const key = table.rows[i][0].of;
        if (row === null || key === undefined) return;
        if (!own.has(key)) own.set(key, row);
        if (!first.has(key)) first.set(key, row);
      });
    }
  }
  return {
    idsOf: (table) => ids.get(table) ?? [],
    nearest: (section, key) => bySection.get(section)?.get(key) ?? first.get(key),
  };
}
