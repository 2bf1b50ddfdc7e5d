/** A study file as text, and the same with one thing in it said otherwise; comments and all else stay as they are. */
import { type Document, isMap, isScalar, isSeq, type ParsedNode, parseDocument } from "yaml";
import { joinCalls } from "../../../../src/study/flow-calls.ts";
import { isRecord } from "../../../../src/util/record.ts";

export type Path = readonly (string | number)[];
export type Said = Record<string, unknown>;

function documentOf(text: string): Document.Parsed<ParsedNode> | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  joinCalls(document);
  return document;
}

/** What a file says; null while it is no YAML, or no list of fields. */
export function saidIn(text: string): Said | null {
  const document = documentOf(text);
  if (!document) return null;
  const said = document.toJS({ maxAliasCount: 100 }) as unknown;
  if (said === null || said === undefined) return {};
  return isRecord(said) ? said : null;
}

/** The fields that a word stands for where fields could stand: `data: digits` is `data: { set: digits }`. */
const WORD_FOR: Readonly<Record<string, (word: unknown) => Said>> = {
  data: (set) => ({ set }),
  measure: (probabilities) => ({ probabilities }),
  robustness: (on) => (on === true ? { corruptions: "all" } : {}),
};

/** A field with its parts, where it was said by a word or not at all; null where it says several at once, or something else. */
export function partsOf(said: Said, field: string): Said | null {
  const value = said[field];
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return value;
  const isWord = !Array.isArray(value) || (field === "data" && value.every((v) => typeof v === "string"));
  return isWord && Object.hasOwn(WORD_FOR, field) ? WORD_FOR[field](value) : null;
}

/**
 * The file with a value at a place, or with nothing there.
 * @param value undefined takes what stands there away, and what is then empty around it
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = documentOf(text);
  if (!document) return text;
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  const [field] = path;
  if (path.length > 1 && typeof field === "string" && Object.hasOwn(WORD_FOR, field)) {
    const there = document.get(field, true);
    if (isScalar(there) || isSeq(there))
      document.set(field, document.createNode(WORD_FOR[field](there.toJSON()), { flow: true }));
  }
  if (value !== undefined)
    document.setIn(path, document.createNode(value, { flow: true, aliasDuplicateObjects: false }));
  else {
    document.deleteIn(path);
    for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
      const left = document.getIn(above) as unknown;
      if (!(isMap(left) || isSeq(left)) || left.items.length > 0) break;
      document.deleteIn(above);
    }
  }
  return document.toString({ flowCollectionPadding: true, lineWidth: 130 });
}
