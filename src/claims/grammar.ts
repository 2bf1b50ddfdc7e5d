/**
 * The test of a claim, as text:
 *
 *     accuracy(focal(0.5)) > accuracy(ce) > accuracy(focal(2)) and train.loss(sgd(0.01), batchSize=10) < 0.1
 *
 *     test       = chain { "and" chain }
 *     chain      = term operator term { operator term }            operator: > < >= <= ≈ =
 *     term       = number [ unit ] | measure [ "@" epoch ] "(" [ selector { "," selector } ] ")"
 *     measure    = [ split "." ] name                              split: train, validation, test, noisy
 *     unit       = "%" | "points" | "epochs" | "seconds"
 *     selector   = name [ arguments ] | field "=" value [ arguments ]
 *     arguments  = "(" argument { "," argument } ")"
 *     argument   = value | parameter "=" value                     a value alone is that of the member's first parameter
 *     value      = number | word | "[" value { "," value } "]"
 */
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";

export type Value = number | string | readonly Value[];

/** A parameter by its name, or the first one where that is null. */
export interface Argument {
  key: string | null;
  value: Value;
}

/** A member of the zoo or a data set by its name, with some of its parameters; or what stands at a field of the study. */
export type Selector =
  | { kind: "member"; name: string; args: readonly Argument[] }
  | { kind: "field"; field: string; value: Value; args: readonly Argument[] };

export const SPLITS = ["train", "validation", "test", "noisy"] as const;
export type Split = (typeof SPLITS)[number];

/** One side of a comparison, with its text as it was written. */
export type Term =
  | { kind: "number"; value: number /** As it was written; null without one. */; unit: string | null; text: string }
  | {
      kind: "measure";
      measure: string;
      split: Split;
      /** Null for the last. */
      epoch: number | null;
      selectors: readonly Selector[];
      text: string;
    };

/** Units that numbers may have. */
export const UNITS = ["%", "points", "point", "epochs", "epoch", "seconds", "second"] as const;

const OPERATORS = [">=", "<=", ">", "<", "≈", "="] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Comparison {
  left: Term;
  operator: Operator;
  right: Term;
}

const TOKEN = /\s*(>=|<=|[><≈=(),[\]@%]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z][\w-]*(?:\.[A-Za-z]\w*)?)/y;

interface Token {
  text: string;
  at: number;
}

/** Words, numbers and signs, each with its place. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new UserError(`cannot read "${text.slice(from).trim()}"`, `character ${from + 1}`);
    found.push({ text: match[1], at: TOKEN.lastIndex - match[1].length });
  }
  return found;
}

const isNumber = (text: string | undefined): boolean => text !== undefined && /^-?\d/.test(text);
const isWord = (text: string | undefined): boolean => text !== undefined && /^[A-Za-z]/.test(text);

/** Its lists within lists could else stand deeper than the reader's stack. */
const MOST_CHARACTERS = 2000;

class Reader {
  #next = 0;
  readonly #tokens: Token[];

  constructor(readonly text: string) {
    if (text.length > MOST_CHARACTERS)
      throw new UserError(`is ${text.length} characters long; at most ${MOST_CHARACTERS} are read`);
    this.#tokens = tokens(text);
  }

  peek(): string | undefined {
    return this.#tokens[this.#next]?.text;
  }

  take(): string {
    return this.#tokens[this.#next++].text;
  }

  /** Takes the sign if it is the next. */
  takes(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.#next++;
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) this.fail(`expected "${sign}"`);
  }

  fail(message: string, hint?: string): never {
    const token = this.#tokens[this.#next];
    const found = token ? `found "${token.text}"` : "found its end";
    throw new UserError(`${message}, ${found}`, `character ${(token?.at ?? this.text.length) + 1}`, hint);
  }

  /** What was read since a place. */
  since(place: number): string {
    const last = this.#tokens[this.#next - 1];
    return this.text.slice(this.#tokens[place].at, last.at + last.text.length);
  }

  get place(): number {
    return this.#next;
  }
}

function value(reader: Reader): Value {
  if (reader.takes("[")) {
    const list = [value(reader)];
    while (reader.takes(",")) list.push(value(reader));
    reader.expect("]");
    return list;
  }
  if (isNumber(reader.peek())) return Number(reader.take());
  if (isWord(reader.peek())) return reader.take();
  return reader.fail("expected a number, a word or a list");
}

function selector(reader: Reader): Selector {
  if (!isWord(reader.peek())) reader.fail("expected a loss, an optimizer or the like");
  const name = reader.take();
  if (reader.takes("=")) return { kind: "field", field: name, value: value(reader), args: arguments_(reader) };
  return { kind: "member", name, args: arguments_(reader) };
}

function arguments_(reader: Reader): Argument[] {
  const args: Argument[] = [];
  if (reader.takes("(")) {
    do {
      const first = value(reader);
      if (typeof first === "string" && reader.takes("=")) args.push({ key: first, value: value(reader) });
      else args.push({ key: null, value: first });
    } while (reader.takes(","));
    reader.expect(")");
  }
  return args;
}

function term(reader: Reader, measures: readonly string[]): Term {
  const begin = reader.place;
  if (isNumber(reader.peek())) {
    const number = Number(reader.take());
    const unit = UNITS.find((word) => reader.takes(word)) ?? null;
    return { kind: "number", value: number, unit, text: reader.since(begin) };
  }
  if (!isWord(reader.peek())) reader.fail("expected a number or a measure");
  const [first, second] = reader.peek()!.split(".");
  const [split, measure] = second === undefined ? ["test", first] : [first, second];
  if (!SPLITS.includes(split as Split)) reader.fail(`there is no split "${split}"`, suggest(split, [...SPLITS]));
  if (!measures.includes(measure)) reader.fail(`there is no measure "${measure}"`, suggest(measure, [...measures]));
  reader.take();
  let epoch: number | null = null;
  if (reader.takes("@")) {
    if (!/^[1-9]\d*$/.test(reader.peek() ?? "")) reader.fail("expected an epoch, counted from 1");
    epoch = Number(reader.take());
  }
  reader.expect("(");
  const selectors: Selector[] = [];
  if (!reader.takes(")")) {
    do selectors.push(selector(reader));
    while (reader.takes(","));
    reader.expect(")");
  }
  return { kind: "measure", measure, split: split as Split, epoch, selectors, text: reader.since(begin) };
}

/**
 * Reads a selection alone, such as `adam, batchSize=10`.
 * @throws UserError with the place in the text
 */
export function parseSelection(text: string): Selector[] {
  const reader = new Reader(text);
  const selectors = [selector(reader)];
  while (reader.takes(",")) selectors.push(selector(reader));
  if (reader.peek() !== undefined) reader.fail('expected "," or the end');
  return selectors;
}

/**
 * Reads a test.
 * @param measures names of the measures that there are
 * @returns its comparisons, all of which must hold: a > b > c are two
 * @throws UserError with the place in the text
 */
export function parseTest(text: string, measures: readonly string[]): Comparison[] {
  const reader = new Reader(text);
  const comparisons: Comparison[] = [];
  do {
    let left = term(reader, measures);
    const before = comparisons.length;
    while (OPERATORS.includes(reader.peek() as Operator)) {
      const operator = reader.take() as Operator;
      const right = term(reader, measures);
      comparisons.push({ left, operator, right });
      left = right;
    }
    if (comparisons.length === before) reader.fail(`expected ${OPERATORS.join(" ")}`);
  } while (reader.takes("and"));
  if (reader.peek() !== undefined) reader.fail(`expected "and" or the end`);
  for (const { left, right } of comparisons) {
    if (left.kind === "number" && right.kind === "number")
      throw new UserError(`compares two numbers, ${left.text} and ${right.text}`);
  }
  return comparisons;
}
