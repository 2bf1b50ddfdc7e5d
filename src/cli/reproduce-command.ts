import { execute } from "../lab/execute.ts";
import { finishedRun, storedTrials } from "../lab/stored.ts";
import { type ReadyStudy, readyStudy } from "../lab/study.ts";
import { plainText } from "../report/text.ts";
import { writtenReports } from "../reproduce/files.ts";
import { reproductionJson } from "../reproduce/json.ts";
import type { WrittenReport } from "../reproduce/report-file.ts";
import { checkReport, type Reproduction, reproduction } from "../reproduce/reproduction.ts";
import { EXPLANATION, figuresSentence, figureTables, findingText, verdictText } from "../reproduce/tables.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { openStore, type Store } from "../store/store.ts";
import type { ReproduceFlags } from "./commands/reproduce.ts";
import { downloadProgress } from "./download-progress.ts";
import { interruption } from "./interruption.ts";
import { paint } from "./paint.ts";
import { progress } from "./progress.ts";
import { documentTable } from "./table.ts";
import { writeFiles } from "./write-files.ts";

/** The studies of all reports, read and checked before anything is trained. */
async function readyStudies(
  reports: readonly WrittenReport[],
  flags: ReproduceFlags,
): Promise<Map<string, ReadyStudy>> {
  const ready = new Map<string, ReadyStudy>();
  for (const name of new Set(reports.flatMap(({ studies }) => studies))) {
    ready.set(
      name,
      await readyStudy(name, {
        ...(flags.data && { dataDir: flags.data }),
        ...(flags.seeds && { settings: [`seeds=${flags.seeds}`] }),
        onDownload: downloadProgress,
      }),
    );
  }
  const planned = new Map([...ready].map(([name, { plan }]) => [name, plan.trials.map((trial) => ({ trial }))]));
  for (const report of reports) checkReport(report, planned);
  return ready;
}

/** Trains what the store has not; null when it was interrupted. */
async function trained(
  ready: ReadyStudy,
  store: Store,
  flags: ReproduceFlags,
  signal: AbortSignal,
): Promise<RunResults | null> {
  const known = await finishedRun(ready.plan, store);
  if (known) return store.results(known, { confusions: "last" });
  const shown = progress(ready.plan);
  const { run, interrupted, failures } = await execute(ready.plan, {
    store,
    prepared: ready.prepared,
    modules: ready.modules,
    signal,
    ...(flags.workers && { workers: flags.workers }),
    onEvent: shown.handle,
  });
  shown.end();
  for (const { trials, message, stack } of failures) {
    console.error(`${paint.red("failed")}  ${trials.length} trials: ${message}\n${stack}`);
    process.exitCode = 1;
  }
  return interrupted ? null : store.results(run.id, { confusions: "last" });
}

export async function reproduceCommand(name: string, flags: ReproduceFlags): Promise<void> {
  const reports = writtenReports(name);
  const studies = await readyStudies(reports, flags);
  const store = await openStore(flags.store, flags.stored ? { readOnly: true } : {});
  const { signal, end } = interruption();
  try {
    const trials = new Map<string, TrialResult[]>();
    for (const [study, ready] of studies) {
      if (flags.stored) {
        trials.set(study, await storedTrials(ready.plan, store));
        continue;
      }
      const found = await trained(ready, store, flags, signal);
      if (!found) {
        console.error("stopped; the same command goes on from here");
        process.exitCode = 130;
        return;
      }
      trials.set(study, found.trials);
    }
    const found = reports.map((report) => reproduction(report, trials));
    if (flags.json) console.log(JSON.stringify(found.map(reproductionJson), null, 1));
    else for (const one of found) print(one);
    if (flags.out) {
      const { written } = await import("../reproduce/written.ts");
      const files = await written(found, studies, trials);
      writeFiles(flags.out, files);
      console.error(`wrote ${Object.keys(files).length} files to ${flags.out}`);
    }
  } finally {
    end();
    await store.close();
  }
}

function print(found: Reproduction): void {
  const { report, rows, claims } = found;
  console.log(`${paint.bold(`Report ${report.report.toUpperCase()}`)} · ${report.title}`);
  for (const table of figureTables(found)) {
    console.log(`\n${paint.bold(plainText(table.caption))}`);
    console.log(documentTable(table));
  }
  const sentence = figuresSentence(rows);
  if (rows.length > 0) console.log(`\n${[sentence, paint.dim(EXPLANATION)].filter(Boolean).join(" ")}`);
  for (const evidence of claims) {
    const { claim, verdict, findings } = evidence;
    const colour = { supported: paint.green, contradicted: paint.red, undecided: paint.yellow }[verdict];
    const word = claim.test === undefined ? "" : `  ${colour(verdictText(evidence))}`;
    console.log(`\n${paint.bold(claim.id)}  ${claim.claim}${word}`);
    if (claim.reads) console.log(paint.dim(`    read as: ${claim.reads}`));
    if (claim.see) console.log(`    see: ${claim.see}`);
    for (const finding of findings) console.log(`    ${findingText(finding)}`);
  }
  console.log();
}
