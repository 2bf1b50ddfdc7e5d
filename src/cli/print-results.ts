import { answer, terminalTable } from "../report/index.ts";
import type { RunResults } from "../run/records.ts";
import { isColourful, paint, width } from "./paint.ts";

/** The ranking and the sentence of answer. */
export function printResults(results: RunResults): void {
  console.log(terminalTable(results, { width: width(), color: isColourful() }).join("\n"));
  console.log(`\n${paint.bold(answer(results))}`);
}
