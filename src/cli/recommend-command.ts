import { basename, extname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import { stringify } from "yaml";
import { isOwnPath } from "../data/own/path.ts";
import { onnxClassifier } from "../export/onnx.ts";
import { trainedTrial } from "../export/trained-trial.ts";
import { pathFrom } from "../lab/datasets.ts";
import type { StudyOptions } from "../lab/study.ts";
import { isNoisy } from "../recommend/findings.ts";
import { type Recommendation, recommend } from "../recommend/recommend.ts";
import { findingsText, NOISE_NOTE, standingColumns, standingRows, verdictText } from "../recommend/words.ts";
import { renderReport } from "../report/index.ts";
import { openStore, type Store } from "../store/store.ts";
import type { StudySpec } from "../study/spec.ts";
import { duration, jsonNumber } from "../util/format.ts";
import { canonicalJson } from "../util/hash.ts";
import { isRecord } from "../util/record.ts";
import type { RecommendFlags } from "./commands/recommend.ts";
import { downloadProgress } from "./download-progress.ts";
import { interruption } from "./interruption.ts";
import { paint } from "./paint.ts";
import { progress } from "./progress.ts";
import { table } from "./table.ts";
import { writeFiles } from "./write-files.ts";

/** `./some flowers.csv` to `some-flowers`. */
const nameOf = (data: string): string =>
  basename(data, extname(data))
    .replace(/[^\w-]+/g, "-")
    .replace(/^-+|-+$/g, "") || "data";

export async function recommendCommand(
  data: string,
  { budget, out, measure, workers, json, worker, options }: RecommendFlags & { worker: Worker; options: StudyOptions },
): Promise<void> {
  const name = nameOf(data);
  const dir = out ?? `recommend-${name}`;
  const store = await openStore(join(dir, "store"));
  const { signal, end } = interruption();
  let shown: ReturnType<typeof progress> | null = null;
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  try {
    const set = isOwnPath(data) ? pathFrom(".", data) : data;
    const { settings = [], ...rest } = options;
    const outcome = await recommend(
      { name, data: { set }, budgetSec: budget, ...(measure && { measure }) },
      {
        ...rest,
        settings,
        onDownload: downloadProgress,
        store,
        signal,
        worker,
        ...(workers && { workers }),
        onStudy(plan) {
          shown?.end();
          shown = progress(plan);
        },
        onEvent: (event) => shown?.handle(event),
        onComposed(findings, study, seconds) {
          for (const line of findingsText(findings)) say(line);
          say(
            `compares ${(study.loss as unknown[]).length} losses with ${study.seeds} seeds, about ${duration(seconds)}\n`,
          );
          writeFiles(dir, { "study.yaml": studyText(study) });
        },
      },
    );
    (shown as ReturnType<typeof progress> | null)?.end();
    if (outcome.kind === "interrupted") {
      say("stopped; the same command goes on from here");
      process.exitCode = 130;
      return;
    }
    if (outcome.kind === "failed") {
      for (const { message, stack } of outcome.failures) console.error(`${paint.red("failed")}  ${message}\n${stack}`);
      process.exitCode = 1;
      return;
    }
    const { recommendation } = outcome;
    const { verdict, findings } = recommendation;
    const model = await modelOf(recommendation, store);
    const { text: html } = await renderReport(recommendation.results, {
      format: "html",
      source: studyText(recommendation.study),
      classNames: findings.classes,
    });
    const said = JSON.stringify(recommendationJson(recommendation), null, 1);
    writeFiles(dir, {
      "study.yaml": studyText(recommendation.study),
      "recommendation.md": markdown(recommendation),
      "recommendation.json": `${said}\n`,
      "report.html": html,
      ...(model && { "model.onnx": model }),
    });
    if (json) {
      console.log(said);
      return;
    }
    const [first, ...others] = verdictText(verdict);
    console.log(paint.bold(first));
    for (const line of [...others, ...noiseNote(recommendation)]) console.log(line);
    console.log(`\n${table(standingColumns(verdict), standingRows(verdict), "llrrrl")}`);
    console.log(`\nwrote ${join(dir, "recommendation.md")}, study.yaml, report.html${model ? ", model.onnx" : ""}`);
  } finally {
    end();
    await worker.terminate();
    await store.close();
  }
}

const studyText = (study: StudySpec): string => stringify(study, { lineWidth: 120 });

/** The recommended loss's network that validation likes best. */
async function modelOf({ results, verdict }: Recommendation, store: Store): Promise<Uint8Array | null> {
  const wanted = canonicalJson(verdict.recommended.loss);
  const own = results.trials.filter(
    (t) => t.status === "done" && t.roles?.some((r) => r.stage === "tuned") && canonicalJson(t.trial.loss) === wanted,
  );
  const validation = (t: (typeof own)[number]): number => {
    const last = t.history.at(-1)?.validation;
    return (verdict.measure === "accuracy" ? last?.accuracy : last?.macro.recall) ?? 0;
  };
  const [best] = [...own].sort((a, b) => validation(b) - validation(a));
  return best ? onnxClassifier(await trainedTrial(store, best)) : null;
}

function recommendationJson({ findings, verdict, results, study }: Recommendation): object {
  const finite = (_: string, value: unknown): unknown => (typeof value === "number" ? jsonNumber(value) : value);
  return JSON.parse(JSON.stringify({ run: results.run.id, findings, verdict, study }, finite));
}

/** Noise that the study makes leaves test labels alone. */
const noiseNote = ({ findings, study }: Recommendation): string[] =>
  isNoisy(findings) && !(isRecord(study.data) && study.data.labelNoise) ? [NOISE_NOTE] : [];

function markdown(recommendation: Recommendation): string {
  const { findings, verdict, study } = recommendation;
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    `# Which loss for ${study.name}?`,
    "",
    ...verdictText(verdict),
    ...noiseNote(recommendation).flatMap((note) => ["", note]),
    "",
    "## The data",
    "",
    ...findingsText(findings),
    "",
    "## The losses",
    "",
    row(standingColumns(verdict)),
    row(["---", "---", "---:", "---:", "---:", "---"]),
    ...standingRows(verdict).map(row),
    "",
    "The baseline is plain cross-entropy. Each loss has its own learning rate, found with equal effort on the validation split; the comparison has other",
    "seeds and the test split, which chose nothing. `losslab run study.yaml` repeats it; report.html has all of it.",
    "",
  ].join("\n");
}
