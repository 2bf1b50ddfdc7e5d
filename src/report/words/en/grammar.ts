/** How words and clauses are put together; nothing in here is about the data. */
import { concat, joined, name, type Text, t, type Who, type Word } from "../../text.ts";

/** Spacing as the language wants it. */
export const tidy = (text: Text): Text => text;

/** `A`, `A and B`, `A, B and C`. */
export const listed = (words: readonly Word[]): Text =>
  words.length < 2 ? joined(words, "") : concat(joined(words.slice(0, -1), ", "), " and ", words[words.length - 1]);

/** `1 seed`, `3 seeds`. */
export const counted = (n: number, one: string, many = `${one}s`): Text => t`${n} ${n === 1 ? one : many}`;

/** The verb that fits the number of things. */
export const is = (things: readonly unknown[], one: string, many: string): string => (things.length === 1 ? one : many);

/** At most `most` of them, and how many more: `A, B and 3 others`. One more than `most` is named too. */
export const some = (words: readonly Word[], most = 3): Text =>
  words.length <= most + 1 ? listed(words) : listed([...words.slice(0, most), counted(words.length - most, "other")]);

export const named = (whos: readonly Who[], most = 3): Text => some(whos.map(name), most);

export const clauses = (words: readonly Word[]): Text => joined(words, "; ");
/** A list of labels. */
export const commas = (words: readonly Word[]): Text => joined(words, ", ");
/** Small print, point by point. */
export const points = (words: readonly Word[]): Text => joined(words, " · ");
export const sentence = (word: Word): Text => t`${word}.`;
export const sentences = (words: readonly Word[]): Text => joined(words, " ");
export const soFar = (word: Word): Text => t`So far, ${word}`;
/** `MNIST: …` */
export const about = (title: string, word: Word): Text => concat({ text: title }, ": ", word);
export const inBrackets = (words: readonly Word[]): Text => t` (${joined(words, ", ")})`;
