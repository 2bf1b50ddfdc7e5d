/** What one sees while a study runs: a bar, counts, speed and time left, and the ranking as it stands. */
import type { RunEvent } from "../lab/execute.ts";
import type { StageInfo } from "../lab/work.ts";
import { trialLabels } from "../report/trial-labels.ts";
import { fallbackNote } from "../run/devices.ts";
import type { EpochRecord, Role } from "../run/records.ts";
import type { Plan } from "../study/plan.ts";
import { masked } from "../study/tune/mask.ts";
import { count, duration, percent } from "../util/format.ts";
import { paint, width } from "./paint.ts";

const BARS = "▁▂▃▄▅▆▇█";
const REDRAW_MS = 120;
const PLAIN_LINE_MS = 5000;
const SHOWN_CONFIGURATIONS = 10;

/** Values between the lowest and the highest as a row of small bars. */
function sparkline(values: readonly number[], columns: number): string {
  const step = Math.max(1, values.length / columns);
  const picked = Array.from(
    { length: Math.min(columns, values.length) },
    (_, i) => values[Math.min(values.length - 1, Math.floor((i + 1) * step) - 1)],
  );
  const [low, high] = [Math.min(...picked), Math.max(...picked)];
  return picked.map((v) => BARS[Math.round(((v - low) / (high - low || 1)) * (BARS.length - 1))]).join("");
}

/** Mean test accuracy over the seeds after each epoch that all have. */
const meanCurve = (list: readonly EpochRecord[][]): number[] =>
  Array.from(
    { length: Math.min(...list.map((h) => h.length)) },
    (_, e) => list.reduce((sum, h) => sum + h[e].test.accuracy, 0) / list.length,
  );

/** Validation accuracy of the candidate that is ahead. */
function bestCandidate(list: readonly EpochRecord[][]): number[] {
  const curves = list.map((h) => h.map((r) => r.validation?.accuracy ?? 0));
  return curves.reduce((a, b) => ((b.at(-1) ?? 0) > (a.at(-1) ?? 0) ? b : a));
}

/** Trials of a stage by their configurations: all candidates of one have one name, tuned and untuned trials have two. */
function stageLabels({ trials, roles, purpose }: StageInfo): Map<string, string> {
  const roleOf = (id: string): Role => roles.get(id)![0];
  const plain = trialLabels(
    trials.map((trial) => {
      const role = roleOf(trial.id);
      return role.stage === "untuned" ? trial : masked(trial, role.values);
    }),
  );
  if (purpose === "tuning") return plain;
  return new Map(
    trials.map(({ id }) => [id, roleOf(id).stage === "untuned" ? `${plain.get(id)}, untuned` : plain.get(id)!]),
  );
}

export function progress(plan: Plan): { handle(event: RunEvent): void; end(): void } {
  const terminal = process.stderr.isTTY ?? false;
  let labels = trialLabels(plan.trials);
  let stage: StageInfo | undefined;
  const histories = new Map<string, EpochRecord[]>();
  const ended = { done: 0, diverged: 0, failed: 0 };
  let trained = 0;
  const first = performance.now();
  let begun = first;
  let total = 0;
  let known = 0;
  let epochsDone = 0;
  let epochs = 1;
  let workers = 0;
  let examples = 0;
  let recent: { at: number; examples: number }[] = [];
  let drawn = 0;
  let lines = 0;
  /** Whether it was said that nobody works. */
  let told = false;

  const speed = (): number => {
    const oldest = recent[0];
    const elapsed = oldest ? (performance.now() - oldest.at) / 1000 : 0;
    return elapsed > 0.5 ? (examples - oldest.examples) / elapsed : 0;
  };

  const status = (): string => {
    const share = epochsDone / epochs;
    const elapsed = (performance.now() - begun) / 1000;
    const left = share > 0.02 ? ` · ${duration((elapsed / share) * (1 - share))} left` : "";
    const counts = [
      stage && paint.bold(stage.title),
      `${ended.done + known}/${total} trials`,
      ended.diverged > 0 && paint.yellow(`${ended.diverged} diverged`),
      ended.failed > 0 && paint.red(`${ended.failed} failed`),
    ].filter(Boolean);
    return `${counts.join(", ")} · ${count(speed())} images/s${left}`;
  };

  const ranking = (): string[] => {
    const byLabel = new Map<string, EpochRecord[][]>();
    for (const [trial, history] of histories) {
      const label = labels.get(trial)!;
      byLabel.set(label, [...(byLabel.get(label) ?? []), history]);
    }
    const rows = [...byLabel].map(([label, list]) => {
      const curve = stage?.purpose === "tuning" ? bestCandidate(list) : meanCurve(list);
      const { length } = curve;
      return { label, curve, epoch: length, last: curve.at(-1) ?? 0 };
    });
    rows.sort((a, b) => b.last - a.last);
    const widest = Math.max(0, ...rows.map((r) => r.label.length));
    const shown = rows.slice(0, SHOWN_CONFIGURATIONS).map(({ label, curve, epoch, last }) => {
      const columns = Math.max(4, Math.min(30, width() - widest - 30));
      return `  ${label.padEnd(widest)}  ${percent(last).padStart(6)} %  epoch ${String(epoch).padStart(3)}  ${sparkline(curve, columns)}`;
    });
    return rows.length > shown.length ? [...shown, `  … and ${rows.length - shown.length} more`] : shown;
  };

  const erase = (): void => {
    if (lines > 0) process.stderr.write(`\u001b[${lines}A\u001b[0J`);
    lines = 0;
  };

  const draw = (force = false): void => {
    const now = performance.now();
    recent = [...recent.filter((r) => now - r.at < 5000), { at: now, examples }];
    if (!force && now - drawn < (terminal ? REDRAW_MS : PLAIN_LINE_MS)) return;
    drawn = now;
    if (!terminal) {
      process.stderr.write(`${Math.floor((100 * epochsDone) / epochs)} %  ${status()}\n`);
      return;
    }
    const columns = Math.max(10, Math.min(30, width() - 60));
    const filled = Math.round((columns * epochsDone) / epochs);
    const bar = `${"━".repeat(filled)}${paint.dim("━".repeat(columns - filled))}`;
    erase();
    const block = [`${bar}  ${status()}`, ...ranking()];
    process.stderr.write(`${block.join("\n")}\n`);
    lines = block.length;
  };

  return {
    handle(event) {
      switch (event.kind) {
        case "started": {
          ({ trials: total, known, workers, stage } = event);
          if (stage) {
            labels = stageLabels(stage);
            histories.clear();
            Object.assign(ended, { done: 0, diverged: 0, failed: 0 });
            begun = performance.now();
            epochsDone = 0;
            erase();
          }
          const note = fallbackNote(event.device);
          if (note) process.stderr.write(`${paint.yellow("note")}  ${note}\n`);
          epochs = Math.max(1, event.epochs);
          const kept = known > 0 ? `, ${known} of them already in the store` : "";
          const part = stage ? `  ${stage.title} (stage ${stage.number + 1} of ${stage.count})` : "";
          process.stderr.write(
            `${paint.bold(event.run.study)}${part}  ${total} trials${kept} · ${event.cohorts} cohorts · ${workers} workers · run ${event.run.id}\n`,
          );
          drawn = performance.now();
          return;
        }
        case "progress":
          examples += event.examples;
          return draw();
        case "resumed":
          epochsDone += event.epoch + event.before;
          process.stderr.write(
            `going on after epoch ${event.epoch > 0 ? event.epoch : `${event.epoch + event.before} of the training before`} with ${event.trials.length} trials\n`,
          );
          lines = 0;
          return;
        case "queued":
          if (event.workers === 0 && event.jobs > 0 && !told) {
            told = true;
            process.stderr.write(
              `${paint.yellow("note")}  no worker is there yet: losslab worker --store … starts one\n`,
            );
            lines = 0;
          }
          return;
        case "discarded":
          process.stderr.write(`${paint.yellow("note")}  ${event.reason}\n`);
          lines = 0;
          return;
        case "epoch":
          epochsDone++;
          for (const record of event.records)
            histories.set(record.trial, [...(histories.get(record.trial) ?? []), record]);
          return draw();
        case "trial":
          ended[event.status]++;
          trained++;
          return draw();
        case "finished":
          return;
      }
    },
    end() {
      if (terminal) erase();
      const elapsed = (performance.now() - first) / 1000;
      process.stderr.write(`${trained} trials trained in ${duration(elapsed)}\n\n`);
    },
  };
}
