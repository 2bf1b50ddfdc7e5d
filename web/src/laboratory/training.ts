/** A study trained in one thread: all its cohorts side by side, epoch by epoch; can be paused, stepped, looked into. Runs wherever an ONNX runtime does. */

import type { Dataset } from "../../../src/data/dataset.ts";
import { embeddedDataset } from "../../../src/data/embedded.ts";
import type { Disk } from "../../../src/data/own/format.ts";
import { isOwnPath } from "../../../src/data/own/path.ts";
import { readFrom } from "../../../src/data/own/read.ts";
import { onnxClassifier } from "../../../src/export/onnx.ts";
import { factsOf, type PreparedData, preparer } from "../../../src/lab/prepare.ts";
import { networkInputs } from "../../../src/lab/trained.ts";
import type { Backend } from "../../../src/run/backend.ts";
import { averagedIn, cohort as makeCohort } from "../../../src/run/cohort.ts";
import { Evaluator, type TrialState, trialState } from "../../../src/run/evaluator.ts";
import type { Inputs } from "../../../src/run/inputs.ts";
import { memberOf } from "../../../src/run/members.ts";
import type { EpochRecord, RunResults, Trial, TrialStatus } from "../../../src/run/records.ts";
import { evaluationBatch, MOST_STEPS } from "../../../src/run/sizes.ts";
import { type EpochResult, trainCohort } from "../../../src/run/train.ts";
import { checkStudy, located, pathText } from "../../../src/study/parse.ts";
import { type Plan, type PlannedCohort, plan } from "../../../src/study/plan.ts";
import { sizeOf } from "../../../src/tensor/index.ts";
import { UserError } from "../../../src/util/errors.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { ParameterError } from "../../../src/zoo/problems.ts";
import { SECONDS_PER_CALL } from "../engine/pace.ts";

/** A study with its data. */
export interface Ready {
  study: Record<string, unknown>;
  plan: Plan;
  dataset: Dataset;
  prepared: (cohort: PlannedCohort) => PreparedData;
}

/** What was drawn last: a reader who changes a loss keeps the data. */
let latest: { key: string; dataset: Promise<Dataset> } | undefined;

function drawn(set: string, spread: number | undefined): Promise<Dataset> {
  const key = `${set} ${spread}`;
  if (latest?.key !== key) latest = { key, dataset: embeddedDataset(set, spread === undefined ? {} : { spread }) };
  return latest.dataset;
}

/**
 * Plans a study as the command line does.
 * @param disk the files that the study's path names
 * @throws UserError with all that is wrong
 */
export async function ready(study: Record<string, unknown>, disk?: Disk): Promise<Ready> {
  const said = { said: study, where: ({ path }: { path: (string | number)[] }) => pathText(path) };
  const expanded = checkStudy(said, [], zoo);
  const [{ set, spread, label, ignore, resize }] = expanded.data;
  if (isOwnPath(set) && !disk) throw new UserError(`its files are not open: ${set}`, "data", "open them again");
  const dataset = isOwnPath(set) ? readFrom(disk!, set, { label, ignore, resize }) : await drawn(set, spread);
  const facts = factsOf(dataset, expanded.data[0], expanded.seeds[0]);
  const prepare = preparer(() => dataset);
  try {
    const planned = plan(expanded, () => facts, zoo);
    return { study, plan: planned, dataset, prepared: ({ data, seed }) => prepare(data, seed) };
  } catch (error) {
    throw error instanceof ParameterError ? located(error.problems, said) : error;
  }
}

/** What became of a trial so far. */
export interface Progress {
  records: EpochRecord[];
  /** Why it diverged, where it did. */
  diverged: string | null;
}

export type Phase = "idle" | "running" | "paused" | "finished";

/** What a reader wants of it; a round is an epoch of each cohort. */
type Wanted = "run" | "round" | "pause" | "stop";

class Stopped extends Error {}

/** One call of the runtime at a time, whoever asks: some providers allow no more. */
function oneByOne(backend: Backend): Backend {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <T>(call: () => Promise<T>): Promise<T> => {
    const next = last.then(call, call);
    last = next.catch(() => {});
    return next;
  };
  return {
    ...backend,
    async session(model, use) {
      const session = await queued(() => backend.session(model, use));
      return {
        run: (feeds, into) => queued(() => session.run(feeds, into)),
        release: () => queued(() => session.release()),
      };
    },
  };
}

/** Lets messages in: what a runtime computes keeps its thread busy between them. */
const breath = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

interface Trained {
  epoch: number;
  state: TrialState;
}

export class Training {
  readonly #backend: Backend;
  readonly #trials: ReadonlyMap<string, Trial>;
  readonly #progress = new Map<string, Progress>();
  readonly #trained = new Map<string, Trained>();
  readonly #evaluators = new Map<string, Evaluator>();
  #wanted: Wanted = "pause";
  #changed: () => void = () => {};
  #loop: Promise<void> | null = null;
  #phase: Phase = "idle";

  constructor(
    backend: Backend,
    readonly study: Ready,
    private readonly events: {
      /** After an epoch of a cohort, of its trials. */
      onEpoch: (trials: string[]) => void;
      onPhase: (phase: Phase) => void;
      onProgress?: (examples: number) => void;
      onFault: (error: unknown) => void;
    },
  ) {
    this.#backend = oneByOne(backend);
    this.#trials = new Map(study.plan.trials.map((trial) => [trial.id, trial]));
    for (const id of this.#trials.keys()) this.#progress.set(id, { records: [], diverged: null });
  }

  progress(trial: string): Progress {
    return this.#progress.get(trial)!;
  }

  /** Trains until it is told otherwise. */
  run(): void {
    this.#want("run");
  }

  /** Trains each cohort for one epoch. */
  step(): void {
    this.#want("round");
  }

  /** Within an epoch, at the next call of the runtime. */
  pause(): void {
    this.#want("pause");
  }

  /** Ends it and gives its memory back. */
  async stop(): Promise<void> {
    this.#want("stop");
    await this.#loop;
    for (const evaluator of this.#evaluators.values()) await evaluator.release();
    this.#evaluators.clear();
  }

  /** Until it has come to its end, or was stopped. */
  get finished(): Promise<void> {
    return this.#loop ?? Promise.resolve();
  }

  #want(what: Wanted): void {
    this.#wanted = what;
    this.#changed();
    if (what === "pause" || what === "stop") return;
    this.#loop ??= this.#train();
  }

  #enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.events.onPhase(phase);
  }

  /** Waits while it is paused. */
  async #gate(): Promise<void> {
    await breath();
    while (this.#wanted === "pause") {
      this.#enter("paused");
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    if (this.#wanted === "stop") throw new Stopped();
    this.#enter("running");
  }

  async #train(): Promise<void> {
    let open = this.study.plan.cohorts.map((cohort) => ({ cohort, epochs: this.#epochsOf(cohort) }));
    try {
      while (open.length > 0) {
        for (const one of [...open]) {
          await this.#gate();
          const { done, value } = await one.epochs.next();
          if (!done) this.#keep(one.cohort, value);
          // After its last epoch it has only its memory to give back.
          const isLast = done || value.epoch === one.cohort.epochs;
          if (isLast) open = open.filter((other) => other !== one);
          if (isLast && !done) await one.epochs.return(undefined as never);
        }
        if (this.#wanted === "round") this.#wanted = "pause";
      }
      this.#enter("finished");
    } catch (error) {
      if (!(error instanceof Stopped)) this.events.onFault(error);
    } finally {
      for (const { epochs } of open) await epochs.return(undefined as never).catch(() => {});
    }
  }

  #made(cohort: PlannedCohort) {
    const { cohort: facts } = this.study.prepared(cohort);
    return makeCohort(
      cohort.trials.map((id) => memberOf(this.#trials.get(id)!, zoo)),
      facts,
    );
  }

  #epochsOf(planned: PlannedCohort): AsyncGenerator<EpochResult> {
    const { batchSize, epochs, seed } = planned;
    const cohort = this.#made(planned);
    const data = this.study.prepared(planned).training;
    return trainCohort({ cohort, data, batchSize, epochs, seed }, this.#backend, {
      stepsPerCall: MOST_STEPS,
      secondsPerCall: SECONDS_PER_CALL,
      evaluationBatch: evaluationBatch(cohort.model, planned.trials.length),
      onProgress: (examples) => {
        this.events.onProgress?.(examples);
        return this.#gate();
      },
    });
  }

  #keep(planned: PlannedCohort, { epoch, records, diverged, state }: EpochResult): void {
    const cohort = this.#made(planned);
    const averaged = averagedIn(cohort);
    for (const record of records) this.progress(record.trial).records.push(record);
    for (const [id, reason] of diverged) this.progress(id).diverged = reason;
    cohort.members.forEach(({ id }, place) => {
      if (this.progress(id).diverged === null)
        this.#trained.set(id, { epoch, state: trialState(state, place, averaged) });
    });
    this.events.onEpoch(planned.trials);
  }

  cohortOf(trial: string): PlannedCohort {
    return this.study.plan.cohorts.find(({ trials }) => trials.includes(trial))!;
  }

  /** Numbers that a trial's network learns. */
  parameters(trial: string): number {
    const { model } = this.#made(this.cohortOf(trial));
    return Object.values(model.parameters).reduce((total, { shape }) => total + sizeOf(shape), 0);
  }

  /** Logits of a trial as it stands, [n · C]; null before its first epoch. */
  async logits(trial: string, inputs: Inputs): Promise<Float32Array | null> {
    const trained = this.#trained.get(trial);
    if (!trained) return null;
    const { cohort: facts } = this.study.prepared(this.cohortOf(trial));
    const key = `${trial} ${inputs.labels.length}`;
    const evaluator =
      this.#evaluators.get(key) ??
      new Evaluator(this.#backend, memberOf(this.#trials.get(trial)!, zoo), facts, inputs.labels.length);
    this.#evaluators.set(key, evaluator);
    return (await evaluator.outputs(trained.state, inputs)).logits;
  }

  /** All that is known, as the store would give it back. */
  results(): RunResults {
    const { plan, study } = this.study;
    const outcome = (id: string): TrialStatus => {
      const { records, diverged } = this.progress(id);
      return diverged !== null ? "diverged" : records.length === this.#trials.get(id)!.epochs ? "done" : "running";
    };
    return {
      run: {
        id: "laboratory",
        study: plan.study.name,
        spec: study,
        startedAt: "",
        finishedAt: null,
        state: this.#phase === "finished" ? "finished" : "running",
        environment: {},
        trials: plan.trials.map(({ id }) => id),
      },
      trials: plan.trials.map((trial) => ({
        trial,
        status: outcome(trial.id),
        reason: this.progress(trial.id).diverged,
        cohort: this.cohortOf(trial.id).id,
        history: this.progress(trial.id).records,
        observations: [],
      })),
    };
  }

  /** A trial's classifier as it stands, as a standard ONNX model. */
  onnx(id: string): Uint8Array {
    const trained = this.#trained.get(id);
    if (!trained) throw new UserError("has not been trained for an epoch yet", `trial ${id}`);
    const inputs = networkInputs(this.study.prepared(this.cohortOf(id)));
    return onnxClassifier({ trial: this.#trials.get(id)!, ...trained, inputs });
  }
}
