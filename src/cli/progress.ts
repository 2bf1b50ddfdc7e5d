/** What one sees while a study runs: a bar, counts, speed and time left, and the ranking as it stands. */
import type { RunEvent } from "../lab/execute.ts";
import { trialLabels } from "../report/trial-labels.ts";
import { fallbackNote } from "../run/devices.ts";
import type { EpochRecord } from "../run/records.ts";
import type { Plan } from "../study/plan.ts";
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

export function progress(plan: Plan): { handle(event: RunEvent): void; end(): void } {
  const terminal = process.stderr.isTTY ?? false;
  const labels = trialLabels(plan.trials);
  const histories = new Map<string, EpochRecord[]>();
  const ended = { done: 0, diverged: 0, failed: 0 };
  const begun = performance.now();
  let total = 0;
  let known = 0;
  let epochsDone = 0;
  let epochs = 1;
  let workers = 0;
  let examples = 0;
  let recent: { at: number; examples: number }[] = [];
  let drawn = 0;
  let lines = 0;

  const speed = (): number => {
    const first = recent[0];
    const elapsed = first ? (performance.now() - first.at) / 1000 : 0;
    return elapsed > 0.5 ? (examples - first.examples) / elapsed : 0;
  };

  const status = (): string => {
    const share = epochsDone / epochs;
    const elapsed = (performance.now() - begun) / 1000;
    const left = share > 0.02 ? ` · ${duration((elapsed / share) * (1 - share))} left` : "";
    const counts = [
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
      const length = Math.min(...list.map((h) => h.length));
      const curve = Array.from(
        { length },
        (_, e) => list.reduce((sum, h) => sum + h[e].test.accuracy, 0) / list.length,
      );
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
          ({ trials: total, known, workers } = event);
          const note = fallbackNote(event.device);
          if (note) process.stderr.write(`${paint.yellow("note")}  ${note}\n`);
          epochs = Math.max(1, event.epochs);
          const kept = known > 0 ? `, ${known} of them already in the store` : "";
          process.stderr.write(
            `${paint.bold(event.run.study)}  ${total} trials${kept} · ${event.cohorts} cohorts · ${workers} workers · run ${event.run.id}\n`,
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
          return draw();
        case "finished":
          return;
      }
    },
    end() {
      if (terminal) erase();
      const elapsed = (performance.now() - begun) / 1000;
      process.stderr.write(`${ended.done + ended.diverged + ended.failed} trials trained in ${duration(elapsed)}\n\n`);
    },
  };
}
