import * as sources from "../../../src/data/datasets/index.ts";
import { isOwnPath } from "../../../src/data/own/path.ts";
import type { Spec } from "../../../src/run/records.ts";
import { UserError } from "../../../src/util/errors.ts";
import { suggest } from "../../../src/util/nearest.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { memberField, membersField } from "../parts/members.ts";
import { type Field, type Fields, numberField, wordField } from "../state.ts";

export const MOST_LOSSES = 6;

/** Sets that need no file. */
export const embedded: readonly string[] = Object.values(sources)
  .filter(({ files }) => files.length === 0)
  .map(({ name }) => name);

/** What the laboratory trains, as its address says it. */
export interface LaboratoryState {
  /** An embedded set, or the path of files that the reader opened. */
  data: string;
  /** Of points; negative: as the set has it. */
  spread: number;
  /** Training examples at most. */
  train: number;
  /** Share of wrong labels in the training split. */
  noise: number;
  /** How many times as many examples the first class has as the last. */
  imbalance: number;
  /** Of an own table: the column of the classes; empty: the usual ones. */
  label: string;
  /** Of own pictures: the side that they are scaled to; 0: as they are. */
  resize: number;
  model: Spec;
  activation: Spec;
  loss: Spec[];
  optimizer: Spec;
  batch: number;
  epochs: number;
  /** The first seed. */
  seed: number;
  seeds: number;
  on: "wasm" | "webgpu";
  /** Of the picture of losses. */
  axis: "linear" | "log";
  /** Which of the losses is looked at more closely, from 1. */
  look: number;
}

/** What changes only what is seen. */
export type LaboratoryView = Pick<LaboratoryState, "axis" | "look">;

const dataField: Field<string> = {
  byDefault: "spiral",
  read([text, ...more]) {
    if (more.length > 0) throw new UserError("is said several times, expected once");
    if (embedded.includes(text) || isOwnPath(text)) return text;
    throw new UserError(`is no set that is drawn here, nor a path`, undefined, suggest(text, embedded));
  },
  write: (text) => [text],
};

const textField: Field<string> = { byDefault: "", read: ([text]) => text, write: (text) => [text] };

export const laboratoryFields: Fields<LaboratoryState> = {
  data: dataField,
  spread: numberField(-1, { min: -1, max: 2 }),
  train: numberField(600, { min: 10, max: 60_000, integer: true }),
  noise: numberField(0, { min: 0, max: 0.9 }),
  imbalance: numberField(1, { min: 1, max: 1000 }),
  label: textField,
  resize: numberField(0, { min: 0, max: 256, integer: true }),
  model: memberField("model", zoo.models, { mlp: { hidden: [16, 16] } }),
  activation: memberField("activation", zoo.activations, { tanh: {} }),
  loss: membersField("loss", zoo.losses, [{ ce: {} }, { focal: { gamma: 2 } }, { mae: {} }], MOST_LOSSES),
  optimizer: memberField("optimizer", zoo.optimizers, { adam: { learningRate: 0.01 } }),
  batch: numberField(20, { min: 1, max: 1000, integer: true }),
  epochs: numberField(60, { min: 1, max: 1000, integer: true }),
  seed: numberField(0, { min: 0, max: 1e6, integer: true }),
  seeds: numberField(1, { min: 1, max: 10, integer: true }),
  on: wordField("wasm", ["wasm", "webgpu"]),
  axis: wordField("linear", ["linear", "log"]),
  look: numberField(1, { min: 1, max: MOST_LOSSES, integer: true }),
};

/** Sets of pictures train longer: fewer epochs and another network to begin with. */
export const beginWith = (data: string): Partial<LaboratoryState> =>
  data === "digits"
    ? {
        train: 2000,
        model: laboratoryFields.model.read(["mlp(hidden=[28])"]),
        activation: laboratoryFields.activation.read(["relu"]),
        optimizer: laboratoryFields.optimizer.read(["sgd(learningRate=0.05,momentum=0.9)"]),
        batch: 50,
        epochs: 10,
        spread: -1,
      }
    : {
        train: laboratoryFields.train.byDefault,
        model: laboratoryFields.model.byDefault,
        activation: laboratoryFields.activation.byDefault,
        optimizer: laboratoryFields.optimizer.byDefault,
        batch: laboratoryFields.batch.byDefault,
        epochs: laboratoryFields.epochs.byDefault,
        spread: -1,
      };

/** The study that trains the same on the command line. What is as a study has it by default is left out. */
export function studyOf(s: LaboratoryState): Record<string, unknown> {
  const data = {
    set: s.data,
    ...(s.spread >= 0 && { spread: s.spread }),
    ...(s.label && { label: s.label }),
    ...(s.resize > 0 && { resize: s.resize }),
    validation: 0,
    train: s.train,
    ...(s.noise > 0 && { labelNoise: { symmetric: { rate: s.noise } } }),
    ...(s.imbalance > 1 && { imbalance: { longTail: { ratio: s.imbalance } } }),
  };
  return {
    name: "laboratory",
    description: "Exported from the laboratory in the browser",
    data,
    model: s.model,
    activation: s.activation,
    loss: s.loss,
    optimizer: s.optimizer,
    batchSize: s.batch,
    epochs: s.epochs,
    seeds: Array.from({ length: s.seeds }, (_, i) => s.seed + i),
  };
}
