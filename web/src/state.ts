/** What a page shows, in its address: compact, versioned, checked. */
import { UserError } from "../../src/util/errors.ts";
import { suggest } from "../../src/util/nearest.ts";

/** One thing that an address says, perhaps several times: `loss=ce&loss=mae`. */
export interface Field<T> {
  byDefault: T;
  /** @throws UserError when the texts make no sense */
  read: (texts: readonly string[]) => T;
  write: (value: T) => readonly string[];
}

/** A page's state by the names in its address. */
export type Fields<S> = { [K in keyof S]: Field<S[K]> };

/** Raised when an address of before would mean something else. */
const VERSION = 1;

/** Keeps an address readable: all but what would end a value is left as it is. */
const escaped = (text: string): string => text.replace(/[%&#+\s]/g, (c) => encodeURIComponent(c));

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The part of an address after the question mark; what is as by default is left out. */
export function writeState<S extends object>(fields: Fields<S>, state: S): string {
  const said = (Object.keys(fields) as (keyof S & string)[]).flatMap((name) => {
    const { byDefault, write } = fields[name];
    const texts = write(state[name]);
    return String(texts) === String(write(byDefault)) ? [] : texts.map((text) => `${name}=${escaped(text)}`);
  });
  return said.length > 0 ? [`v=${VERSION}`, ...said].join("&") : "";
}

export interface ReadState<S> {
  state: S;
  /** What is wrong with the address; the defaults stand there instead. */
  problems: string[];
}

export function readState<S extends object>(fields: Fields<S>, query: string): ReadState<S> {
  const said = new Map<string, string[]>();
  for (const part of query.split("&").filter(Boolean)) {
    const at = part.indexOf("=");
    const [name, text] = at < 0 ? [part, ""] : [part.slice(0, at), unescaped(part.slice(at + 1))];
    said.set(name, [...(said.get(name) ?? []), text]);
  }
  const version = said.get("v");
  said.delete("v");
  const names = Object.keys(fields) as (keyof S & string)[];
  const problems: string[] = [];
  const state = Object.fromEntries(names.map((name) => [name, fields[name].byDefault])) as S;
  if (said.size > 0 && String(version) !== String(VERSION)) {
    problems.push(`v=${version ?? ""}: expected v=${VERSION}, the version of addresses that this page understands`);
    return { state, problems };
  }
  for (const [name, texts] of said) {
    if (!Object.hasOwn(fields, name)) {
      problems.push(`${name}: there is no such setting; ${suggest(name, names)}`);
      continue;
    }
    try {
      state[name as keyof S] = fields[name as keyof S].read(texts);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(`${name}=${texts.join(", ")}: ${error.message}${error.hint ? ` (${error.hint})` : ""}`);
    }
  }
  return { state, problems };
}

// ---- kinds of fields

function only(texts: readonly string[]): string {
  if (texts.length === 1) return texts[0];
  throw new UserError(`is said ${texts.length} times, expected once`);
}

export const numberField = (
  byDefault: number,
  { min, max, integer = false }: { min: number; max: number; integer?: boolean },
): Field<number> => ({
  byDefault,
  read(texts) {
    const value = Number(only(texts));
    const wrong = texts[0].trim() === "" || !(value >= min && value <= max) || (integer && !Number.isInteger(value));
    if (wrong) throw new UserError(`expected a ${integer ? "whole " : ""}number from ${min} to ${max}`);
    return value;
  },
  write: (value) => [String(value)],
});

export const wordField = <T extends string>(byDefault: T, words: readonly T[]): Field<T> => ({
  byDefault,
  read(texts) {
    const text = only(texts);
    const found = words.find((word) => word === text);
    if (found === undefined)
      throw new UserError(`expected one of ${words.join(", ")}`, undefined, suggest(text, words));
    return found;
  },
  write: (value) => [value],
});
