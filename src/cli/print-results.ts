import {
  answer,
  groundsText,
  judgedClaims,
  type Language,
  ranked,
  settingText,
  terminalTable,
  tuningResults,
  warningsOf,
  wordsIn,
} from "../report/index.ts";
import type { RunResults } from "../run/records.ts";
import type { Summary } from "../stats/summary.ts";
import { percentInterval, pointsInterval } from "../util/format.ts";
import { isColourful, paint, width } from "./paint.ts";
import { table } from "./table.ts";

/** What was chosen for each configuration, and what that is worth. */
function tuningLines(results: RunResults): string[] {
  const tuning = tuningResults(results);
  if (!tuning) return [];
  const said = (s: Summary | null): string => (s ? percentInterval(s.mean, s.halfWidth) : "");
  const rows = tuning.cells.map(({ label, chosen, untuned, tuned, gain }) => [
    label,
    chosen ? settingText(chosen.values) : "",
    said(untuned),
    said(tuned),
    gain ? pointsInterval(gain.mean, gain.halfWidth) : "",
  ]);
  return [
    paint.bold("tuned"),
    table(["configuration", "chosen", "untuned, %", "tuned, %", "gain, points"], rows, "llrrr"),
    ...warningsOf(tuning).map((warning) => `${paint.yellow("note")}  ${warning}`),
  ];
}

const colours = { supported: paint.green, contradicted: paint.red, undecided: paint.yellow };

/** The ranking, the sentence of answer, and what became of the study's claims. */
export function printResults(results: RunResults, language: Language = "en"): void {
  const words = wordsIn(language);
  const known = ranked(results);
  console.log(terminalTable(results, { width: width(), color: isColourful(), language }, known).join("\n"));
  console.log(`\n${paint.bold(answer(results, language, known))}`);
  const tuning = tuningLines(results);
  if (tuning.length > 0) console.log(`\n${tuning.join("\n")}`);
  for (const judged of judgedClaims(results)) {
    const { claim, verdict, findings } = judged;
    const word = findings.length > 0 ? `  ${colours[verdict](words.claims.verdicts[verdict])}` : "";
    console.log(`\n${paint.bold(claim.id)}  ${claim.claim}${word}\n    ${groundsText(judged, words)}`);
  }
}
