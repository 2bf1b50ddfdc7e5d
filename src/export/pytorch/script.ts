/** The script of a trial: settings, functions, and a loop. */
import { version } from "../../../package.json";
import type { CohortData, Member } from "../../run/cohort.ts";
import type { Trial } from "../../run/records.ts";
import type { Chosen } from "../../zoo/entry.ts";
import type { Optimizer } from "../../zoo/optimizers/optimizer.ts";
import { trialWords } from "../trial-words.ts";
import { augmentationCode } from "./augmentations.ts";
import { averageFunction, evaluateFunction, MAIN, REPORT, trainFunction } from "./loop.ts";
import { lossCode } from "./loss-functions.ts";
import { networkCode } from "./network.ts";
import { optimizerCode } from "./optimizers.ts";
import { definition, lines, list, num } from "./python.ts";
import { clippingStatement, scheduleFunction } from "./schedules.ts";

export interface ScriptParts {
  trial: Trial;
  member: Member;
  data: CohortData;
  /** The training before, if there is one. */
  before: { optimizer: Chosen<Optimizer>; epochs: number } | null;
  stepsPerEpoch: number;
  /** Examples of the smallest mini-batch. */
  smallestBatch: number;
  /** The first mini-batch of an epoch that counts for the training loss. */
  countedFrom: number;
}

export interface Script {
  text: string;
  /** Names in the network's state for those of the trial's tensors. */
  tensors: Readonly<Record<string, string>>;
  /** Whether layers draw random numbers: `seeds.npy` is needed. */
  seeded: boolean;
  /** Whether examples are changed at random: `draws.npy` is needed. */
  augments: boolean;
}

/** @throws UserError for what PyTorch does not have */
export function script(parts: ScriptParts): Script {
  const { trial, member, data, before, countedFrom } = parts;
  const network = networkCode(member, data, parts.smallestBatch);
  const augmentation = augmentationCode(member.augment, data.shape);
  const loss = lossCode(member.loss, data);
  const optimizer = optimizerCode(member.optimizer);
  const earlier = before && { ...optimizerCode(before.optimizer), epochs: before.epochs };
  const schedule = scheduleFunction(member.schedule);
  const functions = [
    inputsFunction(data),
    ...(augmentation?.definitions ?? []),
    ...network.definitions,
    ...loss.definitions,
    ...new Set([earlier, optimizer].flatMap((o) => o?.definition ?? [])),
    ...(schedule ? [schedule] : []),
    ...(trial.ema ? [averageFunction(trial.ema)] : []),
    evaluateFunction(loss.evaluation),
    REPORT,
    trainFunction({
      losses: loss.training,
      optimizer: optimizer.made,
      before: earlier && { optimizer: earlier.made, epochs: earlier.epochs },
      augments: augmentation !== null,
      mixes: augmentation?.mixes ?? false,
      clip: clippingStatement(member.clip),
      scheduled: schedule !== null,
      seeded: network.draws,
      averaged: trial.ema !== undefined,
      countedFrom,
    }),
    MAIN,
  ].join("\n\n\n");
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(functions);
  return {
    text: `${lines(header(parts), imports(uses))}\n\n${settings(parts, uses)}\n\n\n${functions}\n`,
    tensors: network.tensors,
    seeded: network.draws,
    augments: augmentation !== null,
  };
}

const header = ({
  trial,
}: ScriptParts): string => `"""Trains in PyTorch what losslab ${version} trains as trial ${trial.id}.

${table(trialWords(trial))}

Beside this file lie the examples as the trial has them (data.npz), the weights to begin with (initial.npz), the order of the examples
(order.npy) and losslab's own results (losslab.json). Needs PyTorch 1.13 and NumPy, or newer.

    python train.py                        the whole training, with losslab's results in brackets
    python train.py --device cuda          the same on a GPU
    python train.py --steps 200            the first steps alone
    python train.py --double               in float64: what rounding does
    python train.py --losses losses.npy    also write the loss of every mini-batch
"""`;

/** Rows of two columns. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, said]) => `    ${name.padEnd(width)}  ${said}`).join("\n");
}

type Uses = (name: string) => boolean;

const imports = (uses: Uses): string =>
  [
    lines(
      "import argparse",
      uses("copy") && "import copy",
      "import json",
      uses("math") && "import math",
      "from pathlib import Path",
    ),
    lines("import numpy as np", "import torch", uses("F") && "import torch.nn.functional as F", "from torch import nn"),
  ].join("\n\n");

const settings = ({ trial, data, stepsPerEpoch }: ScriptParts, uses: Uses): string =>
  lines(
    "HERE = Path(__file__).resolve().parent",
    "",
    uses("CLASSES") && `CLASSES = ${data.classes}`,
    uses("CLASS_COUNTS") && `CLASS_COUNTS = ${list(data.classCounts)}  # training examples of each class`,
    `EPOCHS = ${trial.epochs}`,
    `BATCH_SIZE = ${trial.batchSize}`,
    uses("STEPS_PER_EPOCH") && `STEPS_PER_EPOCH = ${stepsPerEpoch}`,
    uses("SCALE") && `SCALE = ${perChannel(data.scale, data.shape)}`,
    uses("OFFSET") && `OFFSET = ${perChannel(data.offset, data.shape)}`,
    uses("BLACK") && `BLACK = ${perChannel(data.offset, data.shape)}  # what the value 0 is to the network`,
  );

const allEqual = (values: readonly number[]): boolean => values.every((v) => v === values[0]);

/** Numbers of the channels, to go with examples [N, channels, ...]. */
function perChannel(values: readonly number[], shape: readonly number[]): string {
  if (allEqual(values)) return `torch.tensor(${num(values[0])}, dtype=torch.float64)`;
  const column =
    shape.length > 1
      ? `.reshape(-1${shape
          .slice(1)
          .map(() => ", 1")
          .join("")})`
      : "";
  return `torch.tensor(${list(values)}, dtype=torch.float64)${column}`;
}

/** `x / 255`, `x * 0.1`, by channel `x * SCALE`. */
function scaled(scale: readonly number[]): string {
  if (!allEqual(scale)) return "x * SCALE.to(x)";
  const divisor = Math.round(1 / scale[0]);
  if (scale[0] === 1) return "x";
  return divisor > 1 && Math.abs(1 / scale[0] - divisor) < 1e-9 ? `x / ${divisor}` : `x * ${num(scale[0])}`;
}

function moved(offset: readonly number[]): string {
  if (!allEqual(offset)) return " + OFFSET.to(x)";
  if (offset[0] === 0) return "";
  return offset[0] < 0 ? ` - ${num(-offset[0])}` : ` + ${num(offset[0])}`;
}

/** `inputs(stored, dtype)`. */
const inputsFunction = ({ scale, offset }: CohortData): string =>
  definition(
    "inputs(stored, dtype)",
    "What the network is fed for examples as they are stored.",
    lines("x = stored.to(dtype)", `return ${scaled(scale)}${moved(offset)}`),
  );
