/** Text in the fonts that have it. */
import type { ContentText } from "pdfmake/interfaces.js";
import type { Said } from "../document.ts";
import { plainText } from "../text.ts";
import { runsOf } from "./fonts.ts";

type Style = Omit<ContentText, "text">;

/** Runs of Chinese and of other characters; `code` in the font of programs. */
export const styled = (said: Said, style: Style = {}): ContentText[] =>
  plainText(said)
    .replaceAll("\u2009", "\u00a0")
    .replace(/ (±|=|<) /g, "\u00a0$1\u00a0")
    .replace(/(\d) (%|points|个百分点)/g, "$1\u00a0$2")
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .flatMap((part) => {
      const code = part.startsWith("`") && part.endsWith("`") && part.length > 2;
      return runsOf(code ? part.slice(1, -1) : part).map(
        ({ text, han }): ContentText => ({
          ...style,
          text,
          font: han ? "Han" : code ? "Mono" : "Latin",
        }),
      );
    });
