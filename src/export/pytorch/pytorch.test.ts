/** Scripts train in PyTorch what losslab trains: the losses of their mini-batches differ by rounding alone. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../data/index.ts";
import { preparer } from "../../lab/prepare.ts";
import type { DataSpec } from "../../study/spec.ts";
import { type Entry, readNamed } from "../../zoo/entry.ts";
import { settingsOf } from "../../zoo/fixture.ts";
import { zoo } from "../../zoo/index.ts";
import * as layers from "../../zoo/layers/index.ts";
import { pythonWith, runPython } from "../fixture.ts";
import { examples, IN_PYTORCH, inLosslab, type Said, type Trained, trialOf } from "./fixture.ts";

interface Case {
  said: Said;
  on: ReturnType<typeof examples>;
}

const grey = examples([1, 8, 8], 4, 150);
const coloured = examples([3, 8, 8], 4, 150);
const table = examples([5], 3, 150);

const LAYER_LISTS = [
  [
    { conv2d: { filters: 6, kernel: 3, groups: 3, dilation: 2, stride: 2, padding: 1 } },
    ...["layerNorm", "activation", { avgPool: { kernel: 3, stride: 2, padding: 1, countPadding: false } }],
    ...[{ dropout: 0.2 }, "flatten", "batchNorm", { dense: 5 }, "softmax", { dense: { units: 4, bias: false } }],
    "logSoftmax",
  ],
  [
    {
      residual: {
        layers: [{ conv2d: { filters: 4, padding: 1 } }, { dropout: 0.3 }],
        shortcut: [{ padChannels: 4 }, { dropout: 0.5 }],
      },
    },
    ...[{ dropout: 0.1 }, { maxPool: { kernel: 3, stride: 2, padding: 1 } }, "globalAvgPool", { dense: 4 }],
  ],
];

/** The first setting of each member, and two in which all parameters are drawn. */
const settings = (kind: keyof typeof zoo, skip: string[] = []): object[] =>
  Object.entries(zoo[kind] as Record<string, Entry>).flatMap(([name, entry]) => {
    const all = settingsOf(entry, { skip });
    return [all[0], ...(all.length > 3 ? all.slice(-2) : all.slice(1))].map((params) => ({ [name]: params }));
  });

const CASES: Case[] = [
  ...Object.keys(zoo.losses).map((name) => ({ loss: { [name]: settingsOf(zoo.losses[name])[0] }, epochs: 1 })),
  ...settings("activations").map((activation) => ({ activation, epochs: 1 })),
  ...settings("optimizers", ["learningRate"]).map((optimizer) => ({ optimizer })),
  ...Object.keys(zoo.optimizers).map((optimizer) => ({ optimizer, schedule: { cosine: { warmUp: 1 } } })),
  ...settings("schedules").map((schedule) => ({ schedule })),
  ...[{ norm: 0.3 }, { value: 0.02 }].map((clip) => ({ clip })),
  ...[{ after: { optimizer: "adam", epochs: 1 } }, { after: { optimizer: { sgd: { momentum: 0.9 } } } }].map(
    (warmStart) => ({ warmStart, ema: 0.9, schedule: "cosine", augment: "flip", model: { mlp: { dropout: 0.2 } } }),
  ),
]
  .map((said): Case => ({ said, on: grey }))
  .concat(
    ["flip", { crop: 3 }, { cutout: 3 }, { cutout: 4 }, "mixup", { all: ["mixup", { crop: 1 }, "mixup"] }].map(
      (augment) => ({ said: { augment, loss: { ce: { weights: "inverse-frequency" } } }, on: coloured }),
    ),
    [
      { cnn: { channels: [3, 4], batchNorm: true, dropout: 0.4, dense: [6] } },
      { resnet: { depth: 8, width: 3 } },
      { resnet: { depth: 8, width: 3, shortcut: "projection" } },
      ...LAYER_LISTS.map((list) => ({ layers: { list } })),
    ].map((model) => ({ said: { model }, on: coloured })),
    ["linear", "mlp"].map((model) => ({
      said: { model, augment: "mixup", loss: { focal: { alpha: "inverse-batch" } } },
      on: table,
    })),
    { said: { model: "lenet", epochs: 1 }, on: examples([3, 32, 32], 4, 60) },
  );

/** Real digits: a perceptron with dropout and noisy labels, and LeNet with augmentation, for 200 steps. */
async function onDigits(): Promise<Case[]> {
  const digits = await loadDataset("digits");
  const prepared = (spec: Partial<DataSpec>) => {
    const all = { set: "digits", validation: 0, train: null, test: null, splitSeed: 0, ...spec } as DataSpec;
    const { cohort, training } = preparer(() => digits)(all, 1);
    return { data: cohort, training };
  };
  const plain = prepared({ test: 100 });
  const noisy = prepared({ test: 100, scale: "standardize", labelNoise: { symmetric: { rate: 0.2 } } });
  const few = prepared({ train: 800, test: 100 });
  const steps = { epochs: 5, batchSize: 60, seed: 1 };
  return [
    { said: { ...steps, optimizer: { sgd: { learningRate: 0.1, momentum: 0.9 } } }, on: plain },
    {
      said: {
        ...steps,
        model: { mlp: { hidden: [28, 14], dropout: 0.2 } },
        activation: "tanh",
        loss: { focal: 2 },
        optimizer: { adam: 0.001 },
        schedule: "cosine",
        ema: 0.99,
      },
      on: noisy,
    },
    {
      said: { epochs: 8, batchSize: 32, seed: 1, model: "lenet", augment: { all: [{ crop: 2 }, { cutout: 6 }] } },
      on: few,
    },
  ];
}
const STEPS = 200;

/** Beyond this, rounding has grown into another course of the training: a further comparison says nothing. */
const ANOTHER_COURSE = 1e-3;

/**
 * How many steps were compared. The losses may differ from PyTorch's in float64 a few times as far as rounding moves these; what has been
 * moved far once may be so again.
 */
function compared(ours: readonly number[], { single, double, nudged }: Trained, what: string): number {
  let rounding = 0;
  for (const [i, wanted] of double.entries()) {
    const others = [single[i], nudged[i]];
    if (wanted === null || others.includes(null)) return i;
    const unit = 1 + Math.abs(wanted);
    rounding = Math.max(rounding, ...others.map((loss) => Math.abs(loss! - wanted) / unit));
    if (rounding > ANOTHER_COURSE) return i;
    const off = Math.abs(ours[i] - wanted) / unit;
    if (!(off <= 3e-6 + 20 * rounding))
      expect.fail(`${what}: loss ${ours[i]} at step ${i + 1}, PyTorch has ${single[i]} and in float64 ${wanted}`);
  }
  return double.length;
}

const python = pythonWith("torch", "numpy");
if ("missing" in python) console.warn(`src/export/pytorch/pytorch.test.ts: scripts are not run: ${python.missing}`);
const folder = mkdtempSync(join(tmpdir(), "losslab-pytorch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf("missing" in python)("in PyTorch", () => {
  it("every member of the zoo, and 200 steps on digits, train as in losslab", async () => {
    const real = await onDigits();
    const cases = [...CASES, ...real];
    const ours: number[][] = [];
    for (const [i, { said, on }] of cases.entries())
      ours.push(await inLosslab(trialOf(said), on, join(folder, String(i))));
    // One process for all: to load PyTorch takes longer than a small training.
    const folders = cases.map((_, i) => join(folder, String(i)));
    const theirs = runPython<Trained[]>((python as { path: string }).path, IN_PYTORCH, [String(STEPS), ...folders]);
    cases.forEach(({ said }, i) => {
      const what = JSON.stringify(said);
      const steps = compared(ours[i], theirs[i], what);
      expect(steps, `${what}: steps before another course`).toBeGreaterThanOrEqual(i < CASES.length ? 3 : STEPS);
    });
  }, 600_000);
});

it("every layer is among those that are tried", () => {
  const named = (said: unknown): string[] => {
    if (Array.isArray(said)) return said.flatMap(named);
    const { name, given } = readNamed(layers as Record<string, Entry>, said) ?? {};
    return name
      ? [name, ...Object.values((given as object) ?? {}).flatMap((v) => (Array.isArray(v) ? named(v) : []))]
      : [];
  };
  expect(Object.keys(layers).filter((name) => !named(LAYER_LISTS).includes(name))).toEqual([]);
});

it("what PyTorch does not have is refused", async () => {
  const refused = (said: Said, why: string) =>
    expect(inLosslab(trialOf({ ...said, epochs: 1 }), grey, join(folder, "refused"))).rejects.toThrow(why);
  await refused({ optimizer: { sgd: { momentum: 0.9, nesterov: true, dampening: 0.1 } } }, "Nesterov");
  const model = { layers: { list: ["flatten", "batchNorm", { dense: 4 }] } };
  await refused({ model, batchSize: 17 }, "one example");
});

it("equal trials give equal files", async () => {
  const [a, b] = [join(folder, "a"), join(folder, "b")];
  for (const to of [a, b]) await inLosslab(trialOf({ epochs: 1 }), grey, to);
  for (const name of ["train.py", "data.npz", "initial.npz", "order.npy"])
    expect(readFileSync(join(a, name)).equals(readFileSync(join(b, name))), name).toBe(true);
});
