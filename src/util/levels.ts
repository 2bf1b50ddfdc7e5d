/**
 * The most brackets that are open at one place of a text, wherever they stand. A parser that follows them all the way down runs out of its
 * stack; where that happens while V8 compiles a regular expression, the whole process ends, so depths are known before anything is parsed.
 */
export function openBrackets(text: string): number {
  let [open, most] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i);
    if (OPENING.has(sign)) most = Math.max(most, ++open);
    else if (CLOSING.has(sign) && open > 0) open--;
  }
  return most;
}

const codes = (signs: string): ReadonlySet<number> => new Set([...signs].map((sign) => sign.charCodeAt(0)));
const OPENING = codes("([{");
const CLOSING = codes(")]}");
