/** 词句的连接方式；与数据无关。 */
import { concat, joined, name, type Text, t, type Who, type Word } from "../../text.ts";
import type * as en from "../en/grammar.ts";

export const listed = (words: readonly Word[]): Text =>
  words.length < 2 ? joined(words, "") : concat(joined(words.slice(0, -1), "、"), " 和 ", words[words.length - 1]);

/** `3 个随机种子`：量词写在名词里。 */
export const counted = (n: number, one: string): Text => t`${n} ${one}`;

export const is: typeof en.is = (_things, one) => one;

export const some = (words: readonly Word[], most = 3): Text =>
  words.length <= most + 1 ? listed(words) : t`${joined(words.slice(0, most), "、")} 等 ${words.length} 项`;

export const named = (whos: readonly Who[], most = 3): Text => some(whos.map(name), most);

export const clauses = (words: readonly Word[]): Text => joined(words, "；");
export const commas = (words: readonly Word[]): Text => joined(words, "、");
export const points = (words: readonly Word[]): Text => joined(words, " · ");
export const sentence = (word: Word): Text => t`${word}。`;
export const sentences = (words: readonly Word[]): Text => joined(words, "");
export const soFar = (word: Word): Text => t`截至目前，${word}`;
export const about = (title: string, word: Word): Text => concat({ text: title }, "：", word);
export const inBrackets = (words: readonly Word[]): Text => t`（${joined(words, "，")}）`;
