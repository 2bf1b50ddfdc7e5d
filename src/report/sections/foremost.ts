import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { plainText, type Text } from "../text.ts";

/** Up to so many configurations have a row, a panel or a table each. */
export const MOST_DRAWN = 60;

export interface Foremost<T> {
  /** In the order in which they were given. */
  drawn: T[];
  /** Adds to a subtitle that these are not all, where they are not. */
  of(subtitle: Text): Text;
  /** The same of a heading. */
  heading(heading: string): string;
}

/** Those of the best ranks on their data, where there are too many to draw them all. The data of the picture keeps the others. */
export function foremost<T>(
  { rows, words }: ReportContext,
  all: readonly T[],
  whose: (one: T) => Configuration,
  most = MOST_DRAWN,
): Foremost<T> {
  const rest = all.length - most;
  if (rest <= 0) return { drawn: [...all], of: (subtitle) => subtitle, heading: (heading) => heading };
  const ranks = new Map(rows.map((r) => [r.configuration.key, r.rank ?? rows.length + 1]));
  const rank = (one: T): number => ranks.get(whose(one).key)!;
  const chosen = new Set([...all].sort((a, b) => rank(a) - rank(b)).slice(0, most));
  const best = words.common.best({ shown: most, rest });
  return {
    drawn: all.filter((one) => chosen.has(one)),
    of: (subtitle) => words.grammar.points([subtitle, best]),
    heading: (heading) => heading + plainText(words.grammar.inBrackets([best])),
  };
}
