import type { DeviceChoice } from "../run/devices.ts";
import type { RunInfo } from "../run/records.ts";
import type { FromWorker } from "./messages.ts";
import type { StageInfo } from "./work.ts";

/** What happens while a study runs, for whoever shows it. */
export type RunEvent =
  | {
      kind: "started";
      run: RunInfo;
      device: DeviceChoice;
      trials: number;
      known: number;
      cohorts: number;
      workers: number;
      epochs: number;
      /** Of a study that tunes: what begins now, of several. The counts are the stage's own. */
      stage?: StageInfo;
    }
  /** `epoch` counts from 1; up to 0 are those of a training before, which had `before` of them. */
  | { kind: "resumed"; cohort: string; epoch: number; before: number; trials: string[] }
  | { kind: "discarded"; cohort: string; reason: string }
  | { kind: "progress"; examples: number }
  | { kind: "epoch"; cohort: string; epoch: number; records: Extract<FromWorker, { kind: "epoch" }>["records"] }
  | { kind: "trial"; trial: string; status: "done" | "diverged" | "failed"; reason: string | null }
  /** What the study asks of a trained trial has been answered. */
  | { kind: "examined"; trial: string; answers: number }
  /** It cannot be answered, and why. */
  | { kind: "unexamined"; trials: string[]; reason: string }
  /** Jobs wait in the queue for workers, of which there are so many; 0 may need somebody to do something. */
  | { kind: "queued"; jobs: number; workers: number }
  | { kind: "finished"; run: RunInfo };
