import { answer, groundsText, judgedClaims, type Language, terminalTable, wordsIn } from "../report/index.ts";
import type { RunResults } from "../run/records.ts";
import { isColourful, paint, width } from "./paint.ts";

const colours = { supported: paint.green, contradicted: paint.red, undecided: paint.yellow };

/** The ranking, the sentence of answer, and what became of the study's claims. */
export function printResults(results: RunResults, language: Language = "en"): void {
  const words = wordsIn(language);
  console.log(terminalTable(results, { width: width(), color: isColourful(), language }).join("\n"));
  console.log(`\n${paint.bold(answer(results, language))}`);
  for (const judged of judgedClaims(results)) {
    const { claim, verdict, findings } = judged;
    const word = findings.length > 0 ? `  ${colours[verdict](words.claims.verdicts[verdict])}` : "";
    console.log(`\n${paint.bold(claim.id)}  ${claim.claim}${word}\n    ${groundsText(judged, words)}`);
  }
}
