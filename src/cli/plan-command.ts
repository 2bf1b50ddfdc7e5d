import { dataBytesOf, estimates, fitted } from "../lab/estimate.ts";
import { readyStudy, type StudyOptions } from "../lab/study.ts";
import { dataLabel, FRESH, specLabel } from "../report/labels.ts";
import { designText } from "../report/looks.ts";
import { fallbackNote } from "../run/devices.ts";
import type { Plan } from "../study/plan.ts";
import type { Stage } from "../study/tune/stages.ts";
import { bytes, count, duration } from "../util/format.ts";
import { downloadProgress } from "./download-progress.ts";
import { paint } from "./paint.ts";
import { table } from "./table.ts";

/** What a stage of a study that tunes comes to, before anything is chosen. */
function stageCost({ title, purpose, trials, cohorts }: Stage, { device }: Plan, readBytes: number, dataBytes: number) {
  const { seconds } = estimates({ cohorts, device }, readBytes, dataBytes);
  const trialEpochs = trials.reduce((total, t) => total + t.epochs, 0);
  return { title, purpose, trials: trials.length, cohorts: cohorts.length, trialEpochs, seconds };
}

export async function planCommand(study: string, options: StudyOptions, json: boolean): Promise<void> {
  const { plan, prepared, device, readBytes } = await readyStudy(study, { ...options, onDownload: downloadProgress });
  const note = fallbackNote(device);
  if (note) console.error(`${paint.yellow("note")}  ${note}`);
  const dataBytes = dataBytesOf(plan, prepared);
  const { workers, available, problem } = fitted(plan, readBytes, dataBytes);
  const estimate = { ...estimates(plan, readBytes, dataBytes, workers), availableBytes: available.bytes };
  if (json) {
    const { trials, cohorts } = plan;
    const { until } = plan.study;
    const looks = until && { looks: until.looks.map((seeds) => seeds.length), spending: until.spending };
    const stages = plan.stages && {
      stages: plan.stages.forecast.map((stage) => stageCost(stage, plan, readBytes, dataBytes)),
    };
    console.log(JSON.stringify({ study: plan.study.name, ...looks, trials, cohorts, ...stages, estimate }, null, 1));
    return;
  }
  const byId = new Map(plan.trials.map((t) => [t.id, t]));
  const { name, description } = plan.study;
  console.log([name, description].filter(Boolean).join(" · "));
  if (plan.stages) {
    const costs = plan.stages.forecast.map((stage) => stageCost(stage, plan, readBytes, dataBytes));
    console.log("\nstages: the trials of the later ones are known when those before are done\n");
    console.log(
      table(
        ["stage", "trials", "cohorts", "epochs", "about"],
        costs.map((c) => [c.title, count(c.trials), count(c.cohorts), count(c.trialEpochs), duration(c.seconds)]),
        "lrrrr",
      ),
    );
  }
  const known = plan.stages
    ? " known beforehand: those of the comparison without tuning, and the first candidates"
    : "";
  const { until } = plan.study;
  const most = until ? `, all of them if nothing is decided before: ${designText(until)}` : "";
  console.log(`\n${count(plan.trials.length)} trials${known}${most}`);
  const shown = plan.trials.slice(0, 60);
  const warm = plan.trials.some((t) => t.warmStart);
  console.log(
    table(
      [
        "trial",
        "loss",
        "activation",
        "optimizer",
        ...(warm ? ["start"] : []),
        "model",
        "data",
        "epochs",
        "batch",
        "seed",
      ],
      shown.map((t) => [
        t.id,
        specLabel(t.loss),
        specLabel(t.activation),
        specLabel(t.optimizer),
        ...(warm ? [specLabel(t.warmStart ?? FRESH)] : []),
        specLabel(t.model),
        dataLabel(t.data),
        String(t.epochs),
        String(t.batchSize),
        String(t.seed),
      ]),
      `llll${warm ? "l" : ""}llrrr`,
    ),
  );
  if (plan.trials.length > shown.length)
    console.log(`… and ${count(plan.trials.length - shown.length)} more (--json lists all)`);
  console.log(
    `\n${count(plan.cohorts.length)} cohorts: trials that share data and batch order train in one fused graph`,
  );
  console.log(
    table(
      ["cohort", "trials", "seed", "members", "memory"],
      plan.cohorts
        .slice(0, 40)
        .map((c) => [
          c.id,
          String(c.trials.length),
          String(c.seed),
          c.trials.map((id) => `${specLabel(byId.get(id)!.activation)} ${specLabel(byId.get(id)!.loss)}`).join(", "),
          bytes(c.memoryBytes),
        ]),
      "lrrlr",
    ),
  );
  if (plan.cohorts.length > 40) console.log(`… and ${count(plan.cohorts.length - 40)} more`);
  console.log(
    `\non this machine: ${estimate.workers} workers, about ${duration(estimate.seconds)}, at most ${bytes(estimate.memoryBytes)} of memory (${bytes(available.bytes)} ${available.of})`,
  );
  if (problem) console.log(`${paint.yellow("note")}  ${problem.message}\n       ${problem.hint}`);
}
