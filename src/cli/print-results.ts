import { answer, groundsText, judgedClaims, terminalTable } from "../report/index.ts";
import type { RunResults } from "../run/records.ts";
import { isColourful, paint, width } from "./paint.ts";

const colours = { supported: paint.green, contradicted: paint.red, undecided: paint.yellow };

/** The ranking, the sentence of answer, and what became of the study's claims. */
export function printResults(results: RunResults): void {
  console.log(terminalTable(results, { width: width(), color: isColourful() }).join("\n"));
  console.log(`\n${paint.bold(answer(results))}`);
  for (const judged of judgedClaims(results)) {
    const { claim, verdict, findings } = judged;
    const word = findings.length > 0 ? `  ${colours[verdict](verdict)}` : "";
    console.log(`\n${paint.bold(claim.id)}  ${claim.claim}${word}\n    ${groundsText(judged)}`);
  }
}
