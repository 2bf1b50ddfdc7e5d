/** Everything that reports say, in the languages that they are written in. */
import type { Fact, Text } from "../text.ts";
import { concat } from "../text.ts";
import * as en from "./en/index.ts";
import type { Language } from "./languages.ts";
import * as zh from "./zh/index.ts";

export { type Language, languages } from "./languages.ts";

/** The English catalogue says which sentences there are and what each is told; one that another language lacks is a type error. */
type Catalogue = { [Section in keyof typeof en]: (typeof en)[Section] };

const CATALOGUES: Record<Language, Catalogue> = { en, zh };

/** The catalogue as reports use it. */
export type Words = Catalogue;

/** A sentence keeps what it was told, so that it can be checked and read by programs. */
function withFact(
  sentence: string,
  say: (values: unknown) => unknown,
  tidy: (text: Text) => Text,
): (values: unknown) => unknown {
  return (values) => {
    const said = say(values);
    if (typeof said === "string") return said;
    const { parts, facts } = tidy(concat(said as Text));
    const fact: Fact = { sentence, values };
    return { parts, facts: [fact, ...facts] };
  };
}

/** All sentences of a catalogue, each keeping what it was told under its name in the catalogue. */
const told = (catalogue: object, path: string, tidy: (text: Text) => Text): object =>
  Object.fromEntries(
    Object.entries(catalogue).map(([key, entry]) => {
      const at = path ? `${path}.${key}` : key;
      if (key === "grammar") return [key, entry]; // puts words together, and is told nothing of the data
      if (typeof entry === "function") return [key, withFact(at, entry as (values: unknown) => unknown, tidy)];
      return [key, typeof entry === "object" && entry !== null ? told(entry, at, tidy) : entry];
    }),
  );

const made = new Map<Language, Words>();

/** What is said in a language. */
export function wordsIn(language: Language): Words {
  if (!made.has(language))
    made.set(language, told(CATALOGUES[language], "", CATALOGUES[language].grammar.tidy) as Words);
  return made.get(language)!;
}
