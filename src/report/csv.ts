export type CsvValue = string | number | null;

const field = (value: CsvValue): string => {
  const text = value === null ? "" : String(typeof value === "number" ? Number(value.toPrecision(12)) : value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * Comma-separated values (RFC 4180 but for the line ends) with a header; null as an empty field. Numbers have
 * twelve significant digits: all that was measured, without the noise of adding up.
 */
export const csv = (header: readonly string[], rows: readonly (readonly CsvValue[])[]): string =>
  [header, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
