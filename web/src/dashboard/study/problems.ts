/** What a study's check found, by the place in the file. */
import type { ProblemView } from "../../../../src/dashboard/api.ts";
import { pathText } from "../../../../src/study/parse.ts";
import type { Path } from "./file.ts";

export interface Problems {
  /** What is wrong at a place itself. */
  at: (path: Path) => string;
  /** What is wrong there and within, each with the rest of its path. */
  below: (path: Path) => { path: string; message: string }[];
}

export function problemsOf(found: readonly ProblemView[]): Problems {
  const below = (path: Path) => {
    const from = pathText(path);
    return found.flatMap(({ path: there, message, hint }) => {
      if (there === null || !there.startsWith(from)) return [];
      const rest = there.slice(from.length);
      return rest === "" || /^[.[]/.test(rest)
        ? [{ path: rest.replace(/^\./, ""), message: [message, hint].filter(Boolean).join(" · ") }]
        : [];
    });
  };
  return { below, at: (path) => below(path)[0]?.message ?? "" };
}
