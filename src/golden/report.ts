/** What the check prints: a table of the files, the first differences, and the names of what is missing. */
import type { Engine } from "./compare.ts";
import type { Outcome } from "./replay.ts";

export interface FileOutcomes {
  file: string;
  outcomes: readonly Outcome[];
  seconds: number;
}

const SHOWN = 5;

/** Lines of cells, each column as wide as its widest cell; the first two to the left, numbers to the right. */
function table(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) =>
    line
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

const count = (outcomes: readonly Outcome[], status: Outcome["status"]): number =>
  outcomes.filter((outcome) => outcome.status === status).length;

export function report(files: readonly FileOutcomes[]): string {
  const lines = [["file", "arithmetic", "agree", "differ", "not there yet", "seconds"]];
  for (const { file, outcomes, seconds } of files) {
    const engines = [...new Set(outcomes.map(({ engine }) => engine))];
    engines.forEach((engine: Engine, i) => {
      const own = outcomes.filter((outcome) => outcome.engine === engine);
      const counts = (["agrees", "differs", "missing"] as const).map((status) => String(count(own, status)));
      lines.push([i === 0 ? file : "", engine, ...counts, i === 0 ? seconds.toFixed(1) : ""]);
    });
  }
  const sections = [table(lines).join("\n")];
  for (const { file, outcomes } of files) {
    const differing = outcomes.filter(({ status }) => status === "differs");
    if (differing.length > 0) {
      const first = differing.slice(0, SHOWN).map(({ what, engine, detail }) => `  ${what} (${engine})\n    ${detail}`);
      const more = differing.length > SHOWN ? [`  … and ${differing.length - SHOWN} more`] : [];
      sections.push([`${file}: different`, ...first, ...more].join("\n"));
    }
    const missing = new Set(outcomes.filter(({ status }) => status === "missing").map(({ detail }) => detail));
    if (missing.size > 0) sections.push(`${file}: not there yet\n  ${[...missing].join(", ")}`);
  }
  return sections.join("\n\n");
}

/** 1 when something differs, or is missing in a strict check. */
export const exitCode = (files: readonly FileOutcomes[], strict: boolean): number => {
  const all = files.flatMap(({ outcomes }) => outcomes);
  return count(all, "differs") > 0 || (strict && count(all, "missing") > 0) ? 1 : 0;
};
