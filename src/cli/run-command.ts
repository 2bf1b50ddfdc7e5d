import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import { defaultWorkers, execute, type RunEvent } from "../lab/execute.ts";
import { type ReadyStudy, readyStudy, type StudyOptions } from "../lab/study.ts";
import { inPortions } from "../lab/work.ts";
import { type CrewOptions, queueCrew } from "../queue/crew.ts";
import { workVersion } from "../queue/jobs.ts";
import type { Language } from "../report/words/languages.ts";
import { folderBeside } from "../store/place.ts";
import { openStore } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { bytes, jsonNumber, plural } from "../util/format.ts";
import { downloadProgress } from "./download-progress.ts";
import { interruption } from "./interruption.ts";
import { line } from "./json-line.ts";
import { lookByLook } from "./look-by-look.ts";
import { paint } from "./paint.ts";
import { pausing } from "./pausing.ts";
import { progress } from "./progress.ts";

/** A database that is started anew while a study runs. */
export const PATIENCE_MS = 5 * 60_000;

export type QueueFlags = Pick<CrewOptions, "detach" | "priority" | "mostAttempts">;

interface RunFlags {
  store: string;
  workers?: number;
  memory?: number;
  worker?: Worker;
  queue?: QueueFlags;
  acceptChangedData?: boolean;
  json?: boolean;
  report?: boolean;
  lang: Language;
  options: StudyOptions;
}

export async function runCommand(nameOrFile: string, flags: RunFlags): Promise<void> {
  const ready = await readyStudy(nameOrFile, { ...flags.options, onDownload: downloadProgress });
  const workers = flags.queue ? undefined : await workersWithin(ready, flags);
  const store = await openStore(flags.store, { patienceMs: PATIENCE_MS });
  const { signal, end } = interruption();
  const pauses = pausing();
  let shown = flags.json ? null : progress(ready.plan);
  try {
    const options = {
      store,
      prepared: ready.prepared,
      device: ready.device,
      modules: ready.modules,
      signal,
      pausing: pauses.pausing,
      ...(flags.worker && { worker: flags.worker }),
      ...(flags.queue && { crew: queueCrew(crewOptions(ready, flags.queue)) }),
      acceptChangedData: flags.acceptChangedData ?? false,
      ...(workers !== undefined && { workers }),
      onEvent: (event: RunEvent) => (shown ? shown.handle(event) : jsonEvents(event).forEach(line)),
    };
    const { until } = ready.plan.study;
    const { run, interrupted, failures, unexamined } = until
      ? await lookByLook(ready.plan, until, {
          ...options,
          json: flags.json ?? false,
          onBegin(plan) {
            if (shown) shown = progress(plan);
          },
          onEnd: () => shown?.end(),
        })
      : await execute(ready.plan, options);
    if (!until || interrupted || failures.length > 0) shown?.end();
    if (interrupted && flags.queue) {
      if (flags.json) line({ event: "queued", run: run.id });
      else
        console.log(
          `run ${run.id} is in the queue; the same command without --detach waits for it and ends with the answer`,
        );
      if (!flags.queue.detach) process.exitCode = 130;
      return;
    }
    if (interrupted) {
      if (flags.json) line({ event: "interrupted", run: run.id });
      else console.log(`stopped; the same command goes on from here (run ${run.id})`);
      process.exitCode = 130;
      return;
    }
    for (const { trials, message, stack } of failures) {
      console.error(`${paint.red("failed")}  ${trials.length} trials: ${message}\n${stack}`);
      process.exitCode = 1;
    }
    for (const { trials, reason } of unexamined) {
      console.error(
        `${paint.yellow("not measured")}  what the study asks of ${plural(trials.length, "trained trial")}: ${reason}; a store of its own (--store) trains them anew`,
      );
      process.exitCode = 1;
    }
    const results = await store.results(run.id, { confusions: "last" });
    if (flags.json) {
      const { toJson } = await import("../report/json.ts");
      line({ event: "results", run: run.id, ...toJson(results, { history: false }) });
    } else (await import("./print-results.ts")).printResults(results, flags.lang);
    if (flags.report !== false) {
      const { renderReport } = await import("../report/index.ts");
      const { text } = await renderReport(results, {
        format: "html",
        source: ready.source,
        language: flags.lang,
        ...(ready.classNames && { classNames: ready.classNames }),
      });
      const file = join(folderBeside(flags.store), "reports", `${run.id}.html`);
      writeReport(file, text);
      writeReport("report.html", text);
      if (flags.json) line({ event: "report", file: "report.html" });
      else console.log(`\nreport  ${paint.bold("report.html")}  (kept as ${file})`);
    }
  } finally {
    end();
    pauses.end();
    await store.close();
  }
}

/** What all jobs of a study have in common. */
function crewOptions({ plan, modules, device }: ReadyStudy, flags: QueueFlags): CrewOptions {
  if (modules.length > 0) {
    throw new UserError(
      "names losses that are code, and workers run no code of studies",
      "--queue",
      "a formula says a loss as data; or run the study without --queue",
    );
  }
  if (inPortions(plan) && flags.detach) {
    throw new UserError(
      "what this study trains later follows from what it trains first: somebody must wait for it",
      "--detach",
      "--queue alone waits",
    );
  }
  return { ...flags, version: workVersion(), device: device.used, closesRun: !inPortions(plan) };
}

/** Workers that the memory is enough for; a study that it is not enough for is refused before anything is trained. */
async function workersWithin({ plan, readBytes, prepared }: ReadyStudy, flags: RunFlags): Promise<number> {
  const { dataBytesOf, fitted } = await import("../lab/estimate.ts");
  const wanted = flags.workers ?? defaultWorkers(plan.device);
  const { workers, available, problem } = fitted(plan, readBytes, dataBytesOf(plan, prepared), wanted, flags.memory);
  if (problem) throw problem;
  if (workers < wanted) {
    const few = `${plural(workers, "worker")} instead of ${wanted}`;
    console.error(
      `${paint.yellow("note")}  ${few}: more might not fit into the ${bytes(available.bytes)} that ${available.of}`,
    );
  }
  return workers;
}

/** What `--json` prints of an event: lines for programs. */
function jsonEvents(event: RunEvent): object[] {
  switch (event.kind) {
    case "started": {
      const { run, device, trials, known, cohorts, workers, stage } = event;
      const of = stage && { stage: { title: stage.title, number: stage.number + 1, count: stage.count } };
      return [{ event: "started", run: run.id, study: run.study, device, ...of, trials, known, cohorts, workers }];
    }
    case "epoch":
      return event.records.map(({ trial, train, test }) => ({
        event: "epoch",
        cohort: event.cohort,
        trial,
        epoch: event.epoch,
        train: { loss: jsonNumber(train.loss), accuracy: train.accuracy },
        test: { loss: jsonNumber(test.loss), accuracy: test.accuracy },
      }));
    case "trial":
    case "resumed":
    case "examined":
    case "unexamined":
    case "discarded": {
      const { kind, ...rest } = event;
      return [{ event: kind, ...rest }];
    }
    case "finished":
      return [{ event: "finished", run: event.run.id, state: event.run.state }];
    case "progress":
      return [];
    case "queued":
      return [{ event: "queued", jobs: event.jobs, workers: event.workers }];
  }
}

function writeReport(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
