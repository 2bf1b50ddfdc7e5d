/** YAML to plain data, whatever a text holds: one that is made to exhaust the reader is refused. */
import { type Document, type DocumentOptions, type ParseOptions, parseDocument, type SchemaOptions } from "yaml";
import { UserError } from "../util/errors.ts";
import { openBrackets } from "../util/levels.ts";
import { isRecord } from "../util/record.ts";

/** Longer texts are no studies. */
const MOST_CHARACTERS = 5_000_000;
/** Levels of lists and mappings within each other. */
const MOST_LEVELS = 100;
/** A line so far to the right, or behind so many dashes, that more levels may stand around it than a parser has stack for. */
const INDENTED = /^(?:[ \t]|[-?:](?=\s)){400}/m;
/** Values that aliases may come to, for each that was written. */
const MOST_ALIASES = 100;

/** The document of a text; its `errors` say what is wrong with it. */
export function yamlDocument(text: string, options: ParseOptions & DocumentOptions & SchemaOptions = {}): Document {
  if (text.length > MOST_CHARACTERS)
    throw new UserError(`is ${text.length} characters long; at most ${MOST_CHARACTERS} are read`);
  if (openBrackets(text) > MOST_LEVELS || INDENTED.test(text)) throw tooDeep();
  try {
    return parseDocument(text, options) as Document;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

const tooDeep = (): UserError => new UserError(`holds more than ${MOST_LEVELS} levels within each other`);

/**
 * What a document says, as objects, lists, texts, numbers.
 * @throws UserError where aliases come to too much or lead back to themselves, or levels stand too deep
 */
export function plainData(document: Document): unknown {
  let said: unknown;
  try {
    said = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    if (error instanceof ReferenceError) throw new UserError(`has aliases that cannot be followed: ${error.message}`);
    throw error;
  }
  check(said, 0);
  return said;
}

function check(value: unknown, level: number): void {
  if (level > MOST_LEVELS) throw tooDeep(); // a value within itself never ends
  if (Array.isArray(value)) for (const inner of value) check(inner, level + 1);
  else if (isRecord(value)) for (const inner of Object.values(value)) check(inner, level + 1);
}
