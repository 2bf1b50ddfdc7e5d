/** Every measure of every epoch as an Apache Parquet file. */
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { version } from "../../package.json";
import { type DataTable, measuresTable } from "../report/results-csv.ts";
import type { RunResults } from "../run/records.ts";

const TYPES = { text: "STRING", integer: "INT64", number: "DOUBLE" } as const;

function column({ columns, rows }: DataTable, at: number): ColumnSource {
  const { name, type } = columns[at];
  const values = rows.map((row) => row[at]);
  const data = type === "integer" ? values.map((v) => (v === null ? null : BigInt(v))) : values;
  return { name, data, type: TYPES[type] };
}

/** The table of `losslab results --csv --history`: a row for each trial, epoch and split; numbers in full, NaN and infinities as they are. */
export function parquet(results: RunResults): Uint8Array {
  const table = measuresTable(results, { history: true });
  const { id, study } = results.run;
  const buffer = parquetWriteBuffer({
    columnData: table.columns.map((_, at) => column(table, at)),
    kvMetadata: Object.entries({ "losslab.version": version, "losslab.run": id, "losslab.study": study }).map(
      ([key, value]) => ({ key, value }),
    ),
    createdBy: `losslab version ${version}`,
  });
  return new Uint8Array(buffer);
}
