/** What the page knows of a training: news from the laboratory's thread, gathered. */
import type { EpochRecord } from "../../../src/run/records.ts";
import type { Processor } from "../engine/runtime.ts";
import { latestOnly, type Remote, remote } from "../rpc.ts";
import type { OpenedFile } from "./files.ts";
import type { LaboratoryWorker, News, Shown } from "./laboratory.worker.ts";
import type { Decisions } from "./look.ts";
import type { Phase } from "./training.ts";

export interface TrialState {
  id: string;
  /** Place of its loss in the study. */
  loss: number;
  seed: number;
  label: string;
  records: EpochRecord[];
  diverged: string | null;
}

/** Decisions are looked at so often at most. */
const LOOK_MS = 250;

export class Session {
  readonly #worker = new Worker(new URL("./laboratory.worker.ts", import.meta.url), { type: "module" });
  readonly engine: Remote<LaboratoryWorker>;
  shown = $state.raw<Shown | null>(null);
  trials = $state.raw<TrialState[]>([]);
  decisions = $state.raw<Record<string, Decisions>>({});
  phase = $state<Phase | "preparing" | "unprepared">("unprepared");
  fault = $state("");
  /** Examples a second, evaluation included. */
  speed = $state(0);
  /** Milliseconds of training, pauses left out. */
  elapsed = $state(0);
  #examples = 0;
  #told = 0;
  #looked = 0;
  readonly #look: (trials: string[]) => Promise<void>;

  constructor() {
    this.engine = remote<LaboratoryWorker>(this.#worker, (told, value) => this.#hear(told, value));
    this.#look = latestOnly(async (trials: string[]) => {
      const wait = LOOK_MS - (performance.now() - this.#looked);
      if (wait > 0 && this.phase === "running") await new Promise((resolve) => setTimeout(resolve, wait));
      this.#looked = performance.now();
      this.decisions = await this.engine.look(trials);
    });
  }

  /** Makes a study ready, from its beginning. */
  async prepare(study: Record<string, unknown>, processor: Processor, files: OpenedFile[]): Promise<void> {
    this.phase = "preparing";
    this.fault = "";
    this.decisions = {};
    try {
      const shown = await this.engine.prepare(study, processor, files);
      this.shown = shown;
      this.trials = shown.trials.map((trial) => ({ ...trial, records: [], diverged: null }));
      this.elapsed = 0;
      this.#examples = 0;
      this.speed = 0;
      this.phase = "idle";
    } catch (error) {
      this.phase = "unprepared";
      this.shown = null;
      this.trials = [];
      throw error;
    }
  }

  #hear(told: string, value: unknown): void {
    if (told === "fault") this.fault = String(value);
    if (told === "phase") {
      this.phase = value as Phase;
      this.#told = performance.now();
    }
    if (told !== "news" || this.shown === null) return;
    const { trials, examples } = value as News;
    const now = performance.now();
    const passed = now - this.#told;
    this.#told = now;
    if (examples > 0 && passed > 0) {
      this.elapsed += passed;
      this.#examples += examples;
      this.speed = (1000 * this.#examples) / this.elapsed;
    }
    if (trials.length === 0) return;
    const news = new Map(trials.map((n) => [n.trial, n]));
    this.trials = this.trials.map((trial) => {
      const own = news.get(trial.id);
      return own ? { ...trial, records: [...trial.records, ...own.records], diverged: own.diverged } : trial;
    });
    this.look();
  }

  /** Looks at what the first seed of each loss decides. */
  look(): void {
    const [first] = this.trials;
    const ids = this.trials.filter(({ seed }) => seed === first?.seed).map(({ id }) => id);
    this.#look(ids).catch((error) => {
      this.fault = String(error);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}
