/** 词句的连接方式；与数据无关。 */
import { concat, joined, name, type Part, plainText, type Text, t, type Who, type Word } from "../../text.ts";
import type * as en from "../en/grammar.ts";

const textOf = (part: Part | undefined): string =>
  part === undefined ? "" : typeof part === "string" ? part : part.text;

/** 全角标点两侧与汉字之间不留空格。 */
export function tidy({ parts, facts }: Text): Text {
  const edge = (part: Part | undefined, side: "start" | "end"): boolean =>
    (side === "start" ? /^[，。；：、（）]/ : /[，。；：、（）]$/).test(textOf(part));
  const tidied = parts.map((part, i) => {
    if (typeof part !== "string") return part;
    let text = part.replace(/ *([，。；：、（）]) */g, "$1");
    const [before, after] = [textOf(parts[i - 1]).at(-1), textOf(parts[i + 1])[0]];
    const [first, last] = [text.trimStart()[0] ?? after, text.trimEnd().at(-1) ?? before];
    if (edge(parts[i - 1], "end") || (isHan(before) && isHan(first))) text = text.trimStart();
    if (edge(parts[i + 1], "start") || (isHan(last) && isHan(after))) text = text.trimEnd();
    return text;
  });
  return { parts: tidied, facts };
}

const isHan = (letter: string | undefined): boolean => letter !== undefined && /[\u2e80-\uff60]/.test(letter);

/** 西文与汉字之间空一格，汉字之间不空。 */
export function listed(words: readonly Word[]): Text {
  if (words.length < 2) return joined(words, "");
  const [first, last] = [joined(words.slice(0, -1), "、"), concat(words[words.length - 1])];
  const [before, after] = [isHan(plainText(first).at(-1)), isHan(plainText(last)[0])];
  return concat(first, `${before ? "" : " "}和${after ? "" : " "}`, last);
}

/** `3 个随机种子`：量词写在名词里。 */
export const counted = (n: number, one: string): Text => t`${n} ${one}`;

export const is: typeof en.is = (_things, one) => one;

export const some = (words: readonly Word[], most = 3): Text =>
  words.length <= most + 1 ? listed(words) : t`${joined(words.slice(0, most), "、")} 及另外 ${words.length - most} 项`;

export const named = (whos: readonly Who[], most = 3): Text => some(whos.map(name), most);

export const clauses = (words: readonly Word[]): Text => joined(words, "；");
export const commas = (words: readonly Word[]): Text => joined(words, "、");
export const points = (words: readonly Word[]): Text => joined(words, " · ");
export const sentence = (word: Word): Text => t`${word}。`;
export const sentences = (words: readonly Word[]): Text => joined(words, "");
export const soFar = (word: Word): Text => t`截至目前，${word}`;
export const about = (title: string, word: Word): Text => concat({ text: title }, "：", word);
export const inBrackets = (words: readonly Word[]): Text => t`（${joined(words, "，")}）`;
