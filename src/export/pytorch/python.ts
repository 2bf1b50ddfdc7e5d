/** Pieces of Python: numbers, texts, blocks of statements, and expressions that know how tightly they bind. */

/** How tightly Python's operators bind. */
export const BINDS = { comparison: 1, sum: 2, product: 3, minus: 4, power: 5, atom: 6 } as const;

export interface Code {
  text: string;
  binds: number;
}

export const atom = (text: string): Code => ({ text, binds: BINDS.atom });

/** The code as an operand of something that binds so tightly. */
export const within = ({ text, binds }: Code, least: number): string => (binds < least ? `(${text})` : text);

/** `a + b`: operators of one rank are read from the left. */
export const infix = (operator: string, binds: number, a: Code, b: Code): Code => ({
  text: `${within(a, binds)} ${operator} ${within(b, binds + 1)}`,
  binds,
});

/** `f(a, b, dim=1)`. */
export const call = (f: string, ...args: (Code | string)[]): Code =>
  atom(`${f}(${args.map((arg) => (typeof arg === "string" ? arg : arg.text)).join(", ")})`);

/** `x.f(dim=1)`. */
export const method = (x: Code, f: string, ...args: (Code | string)[]): Code =>
  call(`${within(x, BINDS.atom)}.${f}`, ...args);

/** A number as Python has it, without the digits that adding up has left: 0.1 for 1 - 0.9. */
export function literal(given: number): Code {
  const short = Number(given.toPrecision(15));
  const value = Math.fround(short) === Math.fround(given) ? short : given;
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "math.nan" : "math.inf";
    return value < 0 ? { text: `-${text}`, binds: BINDS.minus } : atom(text);
  }
  return value < 0 ? { text: String(value), binds: BINDS.minus } : atom(String(value));
}

export const num = (value: number): string => literal(value).text;

/** `[1, 2.5]`. */
export const list = (values: readonly number[]): string => `[${values.map(num).join(", ")}]`;

/** `(1,)`, `(1, 2)`. */
export const tuple = (parts: readonly (string | number)[]): string =>
  parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;

/** `normalizedCe` to `normalized_ce`. */
export const snakeCase = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a}_${b.toLowerCase()}`).replace(/\W/g, "_");

/** The lines of a text, indented once more. */
export const indented = (text: string): string => text.replace(/^(?=.)/gm, "    ");

/** The parts that there are, a line or several each. */
export const lines = (...parts: (string | false)[]): string => parts.filter((part) => part !== false).join("\n");

/** A function with its documentation. */
export const definition = (signature: string, documentation: string, body: string): string =>
  lines(
    `def ${signature}:`,
    indented(`${documentation.includes("\\") ? "r" : ""}"""${documentation}"""`),
    indented(body),
  );
