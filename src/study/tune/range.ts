/** Where a hyperparameter is looked for: `logUniform(1e-4, 1)`, `uniform(0, 0.99)`, `integers(1, 5)`, `choice(0, 0.9)`. */
import { suggest } from "../../util/nearest.ts";
import { isRecord } from "../../util/record.ts";
import { shown } from "../../zoo/problems.ts";

export type HyperValue = number | string | boolean;

export interface Range {
  kind: RangeKind;
  /** As a study says it: `logUniform(0.0001, 1)`. */
  text: string;
  /** The value at a place from 0 to below 1. */
  at(place: number): HyperValue;
  /** How distances are drawn; values of a choice have none. */
  scale: "linear" | "log" | null;
  /** Lowest and highest value; null for a choice. */
  bounds: readonly [number, number] | null;
}

/** Enough for any hyperparameter, and short enough to be read. */
const DIGITS = 4;

/** The number with few digits that is nearest, within the bounds. */
const rounded = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));

const between = (low: unknown, high: unknown): string | null =>
  typeof low !== "number" || typeof high !== "number" || !Number.isFinite(low) || !Number.isFinite(high)
    ? "takes two numbers, the lowest and the highest"
    : low < high
      ? null
      : `must go from a lower to a higher number, got ${low} and ${high}`;

interface Kind {
  /** What is wrong with the arguments; null for nothing. */
  wrong(args: readonly unknown[]): string | null;
  // biome-ignore lint/suspicious/noExplicitAny: checked by `wrong`
  make(args: any): Pick<Range, "at" | "scale" | "bounds">;
}

const two =
  (more: (low: number, high: number) => string | null = () => null) =>
  (args: readonly unknown[]): string | null =>
    args.length !== 2
      ? "takes two numbers, the lowest and the highest"
      : (between(args[0], args[1]) ?? more(args[0] as number, args[1] as number));

const kinds = {
  uniform: {
    wrong: two(),
    make: ([low, high]: [number, number]) => ({
      at: (place) => rounded(low + place * (high - low), low, high),
      scale: "linear",
      bounds: [low, high],
    }),
  },
  logUniform: {
    wrong: two((low) => (low > 0 ? null : `must be above 0, got ${low}`)),
    make: ([low, high]: [number, number]) => ({
      at: (place) => rounded(low * (high / low) ** place, low, high),
      scale: "log",
      bounds: [low, high],
    }),
  },
  integers: {
    wrong: two((low, high) =>
      Number.isInteger(low) && Number.isInteger(high) ? null : `takes whole numbers, got ${low} and ${high}`,
    ),
    make: ([low, high]: [number, number]) => ({
      at: (place) => low + Math.floor(place * (high - low + 1)),
      scale: "linear",
      bounds: [low, high],
    }),
  },
  choice: {
    wrong: (args) =>
      args.length < 2
        ? "takes two values or more"
        : args.some((a) => !["number", "string", "boolean"].includes(typeof a))
          ? "takes numbers, words, true and false"
          : new Set(args).size < args.length
            ? "has a value twice"
            : null,
    make: (values: HyperValue[]) => ({
      at: (place) => values[Math.floor(place * values.length)],
      scale: null,
      bounds: null,
    }),
  },
} as const satisfies Record<string, Kind>;

export type RangeKind = keyof typeof kinds;
export const rangeKinds = Object.keys(kinds) as RangeKind[];

/** `0.01` a number, `true` a flag, else a word. */
function argument(text: string): HyperValue {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (bare === "true" || bare === "false") return bare === "true";
  return bare !== "" && Number.isFinite(Number(bare)) ? Number(bare) : bare;
}

/** Kind and arguments of `kind(a, b)` or `{ kind: [a, b] }`; undefined for anything else. */
function read(said: unknown): { kind: string; args: unknown[] } | undefined {
  if (isRecord(said)) {
    const [[kind, args] = [], ...others] = Object.entries(said);
    return kind && others.length === 0 && Array.isArray(args) ? { kind, args } : undefined;
  }
  const call = typeof said === "string" ? /^\s*(\w+)\s*\((.*)\)\s*$/.exec(said) : null;
  return call ? { kind: call[1], args: call[2].split(",").map(argument) } : undefined;
}

/** The range that a study says, or what is wrong with it. */
export function readRange(
  said: unknown,
): { range: Range; problem: null } | { range: null; problem: { message: string; hint?: string } } {
  const found = read(said);
  const fail = (message: string, hint?: string) => ({ range: null, problem: { message, ...(hint && { hint }) } });
  if (!found) return fail(`must be a range such as logUniform(1e-4, 1) or choice(0, 0.9), got ${shown(said)}`);
  const { kind, args } = found;
  if (!Object.hasOwn(kinds, kind)) return fail(`there is no range "${kind}"`, suggest(kind, rangeKinds));
  const { wrong, make } = kinds[kind as RangeKind] as Kind;
  const problem = wrong(args);
  if (problem) return fail(`${kind} ${problem}`);
  const text = `${kind}(${args.join(", ")})`;
  return { range: { kind: kind as RangeKind, text, ...make(args) }, problem: null };
}
