/** A row of a table in the terminal: the first cell on the left, the others below their heads. */
export const line = (cells: readonly string[], width = 14): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(width))).join("");
