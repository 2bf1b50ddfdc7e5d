import { beforeAll, describe, expect, it } from "vitest";
import { constant, evaluate, input, topological } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { type CohortData, cohort, drawsOf, type Member, stateOf, stepGraph } from "./cohort.ts";
import { memberOf } from "./members.ts";
import { nodeBackend } from "./node-backend.ts";
import type { EpochRecord, Spec, Trial } from "./records.ts";
import { type EpochResult, type TrainingOptions, type TrainingTask, trainCohort } from "./train.ts";

const CLASSES = 4;
const backend = nodeBackend();

const spec = (said: string | Spec): Spec => (typeof said === "string" ? { [said]: {} } : said);

/** Trials that differ in everything in which the trials of a cohort may differ. */
const differing = [
  { loss: "ce", activation: "relu", optimizer: { sgd: { learningRate: 0.05, momentum: 0.9, weightDecay: 0.001 } } },
  {
    loss: { ce: { labelSmoothing: 0.1, weights: "inverse-frequency" } },
    activation: "selu",
    optimizer: { sgd: { learningRate: 0.1, momentum: 0.5, weightDecay: 0.01 } },
    clip: { norm: { max: 0.5 } },
    ema: 0.9,
    seed: 2,
  },
  { loss: { focal: { alpha: "inverse-batch" } }, activation: "tanh", optimizer: { adam: { learningRate: 0.01 } } },
  {
    loss: "mae",
    activation: "relu",
    optimizer: { adam: { learningRate: 0.02, weightDecay: 0.001 } },
    schedule: "cosine",
    clip: { value: { max: 0.01 } },
  },
  { loss: "hinge", activation: "gelu", optimizer: { rmsprop: { learningRate: 0.001, centered: true } }, seed: 3 },
] as const;

const members = (
  model: Spec,
  differences: readonly Record<string, unknown>[] = differing,
  augment: Spec = { none: {} },
): Member[] =>
  differences.map(({ loss, activation, optimizer, clip = "none", schedule = "constant", ema = 0, seed = 1 }, i) =>
    memberOf(
      {
        id: `trial ${i}`,
        model,
        loss: spec(loss as Spec),
        activation: spec(activation as Spec),
        optimizer: spec(optimizer as Spec),
        clip: spec(clip as Spec),
        schedule: spec(schedule as Spec),
        augment,
        ema,
        seed,
      } as Trial,
      zoo,
    ),
  );

/** Images of which each class has a bright stripe of its own. */
function task(own: Member[], side = 6): TrainingTask {
  const total = 300;
  const stream = random(1, "images");
  const pixels = side * side;
  const labels = Uint8Array.from({ length: total }, (_, i) => i % CLASSES);
  const images = Uint8Array.from({ length: total * pixels }, (_, i) => {
    const row = Math.floor((i % pixels) / side);
    const bright = row % CLASSES === labels[Math.floor(i / pixels)];
    return 255 * (0.6 * stream.uniform(i) + (bright ? 0.35 : 0));
  });
  const data: CohortData = {
    shape: [1, side, side],
    pixels: "uint8",
    classes: CLASSES,
    classCounts: [54, 53, 53, 53],
    scale: [1 / 128],
    offset: [-1],
  };
  const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    cohort: cohort(own, data),
    data: { images, labels, train: range(0, 213), validation: range(213, 240), test: range(240, total) },
    batchSize: 10, // the last of an epoch's 22 steps has 3 examples
    epochs: 2,
    seed: 7,
  };
}

interface Outcome {
  records: Map<string, EpochRecord[]>;
  /** Mean loss of each step, by trial. */
  losses: Map<string, number[]>;
  ended: Map<string, string>;
  state: Record<string, Float32Array>;
}

const copied = (state: EpochResult["state"]): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data.slice()]));

async function train(given: TrainingTask, options: TrainingOptions = {}, on = backend): Promise<Outcome> {
  const ids = given.cohort.members.map(({ id }) => id);
  const outcome: Outcome = { records: new Map(), losses: new Map(), ended: new Map(), state: {} };
  for await (const { records, stepLosses, state, diverged } of trainCohort(given, on, options)) {
    for (const record of records) {
      outcome.records.set(record.trial, [...(outcome.records.get(record.trial) ?? []), { ...record, seconds: 0 }]);
    }
    ids.forEach((id, t) => {
      const own = Array.from(stepLosses).filter((_, i) => i % ids.length === t);
      outcome.losses.set(id, [...(outcome.losses.get(id) ?? []), ...own]);
    });
    for (const [id, reason] of diverged) outcome.ended.set(id, reason);
    outcome.state = copied(state);
  }
  return outcome;
}

/** What a trial has of the state, without the optimizers' tensors: these stand by group. */
function parametersOf(given: TrainingTask, { state }: Outcome, id: string): number[] {
  const at = given.cohort.members.findIndex((m) => m.id === id);
  const count = given.cohort.members.length;
  return stateOf(given.cohort)
    .filter(({ name }) => !name.startsWith("slot"))
    .flatMap(({ name }) => {
      const size = state[name].length / count;
      return Array.from(state[name].subarray(at * size, (at + 1) * size));
    });
}

const models: [string, Spec, Spec?][] = [
  ["mlp with dropout", { mlp: { hidden: [12, 8], dropout: 0.2 } }],
  [
    "cnn with batch normalization and dropout",
    { cnn: { channels: [3, 4], dense: [8], batchNorm: true, dropout: 0.2 } },
  ],
  [
    "residual blocks with normalization and dropout within",
    {
      layers: {
        list: [
          { conv2d: { filters: 3, padding: 1, bias: false } },
          {
            residual: {
              layers: [{ conv2d: { filters: 4, stride: 2, padding: 1, bias: false } }, "batchNorm", { dropout: 0.2 }],
              shortcut: [{ maxPool: { kernel: 1, stride: 2 } }, { padChannels: 4 }, { dropout: 0.2 }],
            },
          },
          "activation",
          { residual: [{ conv2d: { filters: 4, padding: 1, bias: false } }, "batchNorm"] },
          "activation",
          "globalAvgPool",
          { dense: CLASSES },
        ],
      },
    },
  ],
  [
    "convolutions on augmented images",
    { cnn: { channels: [4], dense: [8] } },
    { all: { list: ["flip", { mixup: 0.2 }, { cutout: 1 }] } },
  ],
];

describe.each(models)("a cohort of %s", (_, model, augment) => {
  const all = task(members(model, differing, augment));
  let together: Outcome;
  beforeAll(async () => {
    together = await train(all);
  });

  it("trains each trial as it trains alone, to the rounding of float32", async () => {
    for (const member of members(model, differing, augment)) {
      const single = task([member]);
      const alone = await train(single);
      const losses = together.losses.get(member.id)!;
      expect(losses.at(-2)!, `${member.id} learns`).toBeLessThan(losses[0]);
      alone.losses.get(member.id)!.forEach((loss, step) => {
        expect(Math.abs(losses[step] - loss), `${member.id}, step ${step}`).toBeLessThan(1e-4 * Math.max(1, loss));
      });
      alone.records.get(member.id)!.forEach(({ test, gradientNorm, learningRate }, epoch) => {
        const record = together.records.get(member.id)![epoch];
        expect(record.test.confusion).toEqual(test.confusion);
        expect(Math.abs(record.gradientNorm - gradientNorm)).toBeLessThan(1e-3 * gradientNorm);
        expect(record.learningRate).toBe(learningRate);
      });
      const wanted = parametersOf(single, alone, member.id);
      parametersOf(all, together, member.id).forEach((value, i) => {
        expect(Math.abs(value - wanted[i]), `${member.id}, parameter ${i}`).toBeLessThan(1e-4);
      });
    }
  });

  it.each([3, 5])("gives the same bits with %i steps in a call", async (stepsPerCall) => {
    expect(await train(all, { stepsPerCall })).toEqual(together);
  });

  it("counts the same predictions whatever the size of evaluation calls", async () => {
    const other = await train(all, { evaluationBatch: 7 });
    expect(other.state).toEqual(together.state);
    for (const [id, records] of together.records) {
      other.records.get(id)!.forEach(({ test, validation }, i) => {
        expect(test.confusion).toEqual(records[i].test.confusion);
        expect(test.loss).toBeCloseTo(records[i].test.loss, 5);
        expect(validation!.loss).toBeCloseTo(records[i].validation!.loss, 5);
      });
    }
  });

  it("goes on from an epoch's state with the same bits", async () => {
    const half: Record<string, Float32Array>[] = [];
    for await (const { state } of trainCohort(all, backend)) {
      half.push(copied(state));
      break;
    }
    const rest = await train(all, { resume: { epoch: 1, state: half[0], ended: new Map() } });
    expect(rest.state).toEqual(together.state);
    for (const [id, records] of rest.records) expect(records).toEqual(together.records.get(id)!.slice(1));
  });
});

describe("the steps of an epoch", () => {
  const constant = differing.map((one) => ({ ...one, schedule: "constant" }));
  const all = task(members(models[0][1], constant));
  const inOrder = (count: number) => () => Uint32Array.from({ length: count }, (_, i) => i);

  it("go on where the epoch before ended: two epochs are one of twice the length", async () => {
    const train2 = all.data.train.subarray(0, 60);
    const once = { ...all, data: { ...all.data, train: train2 }, order: inOrder(60) };
    const twice = {
      ...once,
      data: { ...once.data, train: Uint32Array.of(...train2, ...train2) },
      order: inOrder(120),
      epochs: 1,
    };
    const [two, one] = [await train(once), await train(twice)];
    expect(two.state).toEqual(one.state);
    expect(two.losses).toEqual(one.losses);
  });

  it("draw other random numbers in each layer and each step, the same for all trials", () => {
    const drawn = (cohort: TrainingTask["cohort"]): string[] => {
      const graph = stepGraph(cohort, { total: 300, batchSize: 10, steps: 2, norms: false });
      const seeds = topological(Object.values(graph)).filter(({ op }) => op.name === "uniform");
      const at = (step: number) => ({ seeds: [111, 222], step: [step] });
      return [0, 1].flatMap((step) => seeds.map(({ inputs }) => String(evaluate(inputs, at(step))[0])));
    };
    const seeds = drawn(all.cohort);
    expect(seeds).toHaveLength(4);
    expect(new Set(seeds).size).toBe(4);
    expect(drawn(task(members(models[0][1]).slice(0, 1)).cohort)).toEqual(seeds);
  });
});

describe("augmentation", () => {
  const model = { cnn: { channels: [4], dense: [8] } };
  const own = (augment?: Spec, differences: readonly Record<string, unknown>[] = differing) => ({
    ...task(members(model, differences, augment)),
    epochs: 1,
  });

  it("trains on what the reference makes of each example, and evaluates images as they are", async () => {
    const given = own({ all: { list: ["flip", { crop: 2 }, { cutout: 3 }] } });
    const { cohort: made, data, seed } = given;
    const { entry, params } = made.augment;
    const count = data.train.length;
    const order = Array.from(random(seed, "order", 1).permutation(count), (place) => data.train[place]);
    const streams = drawsOf(made).map((draw, j) => ({ draw, stream: random(seed, "augment", j) }));
    const { x } = entry.apply(
      { x: input("x", [count, 1, 6, 6]), targets: [] },
      input("drawn", [count, streams.length]),
      params,
      { black: constant(-1) },
    );
    const scaled = Float32Array.from(data.images, (v) => v / 128 - 1);
    const [changed] = evaluate([x], {
      x: order.flatMap((example) => Array.from(scaled.subarray(example * 36, (example + 1) * 36))),
      drawn: order.flatMap((_, i) => streams.map(({ draw, stream }) => draw(stream.uniform(i)))),
    });
    const augmented = await train(given);
    const total = data.labels.length;
    const reference = await train({
      ...given,
      cohort: cohort(members(model), { ...made.data, pixels: "float32", scale: [1], offset: [0] }),
      data: {
        ...data,
        images: Float32Array.of(...scaled, ...changed),
        labels: Uint8Array.of(...data.labels, ...order.map((example) => data.labels[example])),
        train: Uint32Array.from(order, (_, i) => total + i),
      },
      order: () => Uint32Array.from(order.keys()),
    });
    for (const [id, losses] of reference.losses) {
      losses.forEach((loss, step) => {
        expect(Math.abs(augmented.losses.get(id)![step] - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
      });
      expect(augmented.records.get(id)![0].test.loss).toBeCloseTo(reference.records.get(id)![0].test.loss, 4);
    }
  });

  it("changes examples anew in each epoch", async () => {
    const still = [{ ...differing[0], optimizer: { sgd: { learningRate: 1e-30 } } }];
    const inOrder = () => Uint32Array.from({ length: 213 }, (_, i) => i);
    const losses = async (augment?: Spec) => {
      const [all] = (await train({ ...task(members(model, still, augment)), order: inOrder })).losses.values();
      return [all.slice(0, 22), all.slice(22)];
    };
    const [[first, second], [cut, cutAgain]] = [await losses(), await losses({ cutout: { size: 2 } })];
    expect(second).toEqual(first);
    expect(cutAgain).not.toEqual(cut);
  });

  it("of nothing changes nothing", async () => {
    const [usual, nothing] = [await train(own()), await train(own({ all: { list: [{ flip: { probability: 0 } }] } }))];
    expect(nothing.losses).toEqual(usual.losses);
    expect(nothing.state).toEqual(usual.state);
  });

  it("mixes the losses of examples, whichever the loss: with shares of 0 and 1 they are those of one or the other", async () => {
    const some = differing.filter((_, i) => i !== 2); // weights by the mini-batch's counts are those of the unmixed one
    const given = own({ mixup: { alpha: 1e-6 } }, some);
    const { data, seed, batchSize } = given;
    const count = data.train.length;
    const order = Array.from(random(seed, "order", 1).permutation(count));
    const coin = random(seed, "augment", 0);
    const next = (i: number): number =>
      i % batchSize === batchSize - 1 || i === count - 1 ? i - (i % batchSize) : i + 1;
    const shown = order.map((place, i) => (coin.uniform(i) > 0.5 ? place : order[next(i)]));
    const [mixed, plain] = [
      await train(given),
      await train({ ...own(undefined, some), order: () => Uint32Array.from(shown) }),
    ];
    for (const [id, losses] of plain.losses) {
      losses.forEach((loss, step) => {
        expect(Math.abs(mixed.losses.get(id)![step] - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
      });
    }
  });
});

describe("clipping by norm", () => {
  it("makes steps of plain descent no longer than norm times learning rate, and leaves the measured norms as they are", async () => {
    const one = { loss: "ce", activation: "relu", optimizer: { sgd: { learningRate: 0.5 } } };
    const changes = async (clip: Spec) => {
      const given = {
        ...task(members(models[0][1], [{ ...one, clip }])),
        epochs: 1,
        order: () => Uint32Array.of(0, 1, 2),
      };
      const single = { ...given, data: { ...given.data, train: given.data.train.subarray(0, 3) }, batchSize: 3 };
      const before = stateOf(single.cohort).flatMap((tensor) => Array.from(tensor.initial()));
      const after = await train(single);
      const moved = Object.values(after.state).flatMap((values) => Array.from(values));
      const [{ gradientNorm }] = [...after.records.values()][0];
      return { length: Math.hypot(...moved.map((v, i) => v - before[i])), gradientNorm };
    };
    const [free, clipped] = [await changes({ none: {} }), await changes({ norm: { max: 0.01 } })];
    expect(free.length).toBeCloseTo(0.5 * free.gradientNorm, 5);
    expect(clipped.length).toBeCloseTo(0.5 * 0.01, 6);
    expect(clipped.gradientNorm).toBe(free.gradientNorm);
  });
});

describe("a trial that diverges", () => {
  const model = models[1][1];
  const wild = { loss: { mse: { on: "logits" } }, activation: "relu", optimizer: { sgd: { learningRate: 1e25 } } };
  const tame = { ...wild, optimizer: { sgd: { learningRate: 0.01 } } };
  const run = (one: object) => task(members(model, [...differing, one as Record<string, unknown>]));

  it("ends with a reason, and leaves the bits of the others alone", async () => {
    const id = `trial ${differing.length}`;
    const [a, b] = [run(wild), run(tame)];
    const [diverged, calm] = [await train(a), await train(b)];
    expect([...diverged.ended.keys()]).toEqual([id]);
    expect(diverged.ended.get(id)).toMatch(/^training loss became (NaN|Infinity|-Infinity) at step \d+ \(epoch 1\)$/);
    expect(diverged.records.get(id)).toHaveLength(1);
    expect(calm.ended.size).toBe(0);
    for (const { id: other } of members(model)) {
      expect(diverged.records.get(other)).toEqual(calm.records.get(other));
      expect(parametersOf(a, diverged, other)).toEqual(parametersOf(b, calm, other));
    }
  });
});

describe("what is measured beyond the usual", () => {
  const all = task(members(models[0][1]));
  let usual: Outcome;
  beforeAll(async () => {
    usual = await train(all);
  });

  it.each([
    [3, 1],
    [20, 3], // the small last mini-batch, and two whole ones of which the first counts in full
    [213, 22],
  ])("takes the training figures of the last %i examples from the last %i steps", async (trainLast, steps) => {
    const outcome = await train({ ...all, measure: { trainLast } }, { stepsPerCall: 4 });
    expect(outcome.state).toEqual(usual.state);
    const sizes = Array.from({ length: 22 }, (_, i) => (i < 21 ? 10 : 3)).slice(-steps);
    const examples = sizes.reduce((a, b) => a + b, 0);
    for (const [id, [{ train: measured, test }]] of outcome.records) {
      expect(test).toEqual(usual.records.get(id)![0].test);
      expect(measured.confusion.flat().reduce((a, b) => a + b, 0)).toBe(examples);
      if (id === "trial 1") continue; // weighted by class: the weights of a step are not its examples
      const losses = outcome.losses.get(id)!.slice(22 - steps, 22);
      const mean = losses.reduce((sum, loss, i) => sum + loss * sizes[i], 0) / examples;
      expect(measured.loss / mean, id).toBeCloseTo(1, 5);
    }
  });

  it("shows the test split under noise, the same in every epoch and for every trial, and trains as ever", async () => {
    const noisy = async (testNoise: number) => train({ ...all, measure: { testNoise } }, { evaluationBatch: 9 });
    const [none, some, much] = [await noisy(1e-7), await noisy(0.5), await noisy(50)];
    for (const outcome of [none, some, much]) expect(outcome.state).toEqual(usual.state);
    for (const [id, records] of usual.records) {
      expect(records[1].noisyTest).toBeUndefined();
      expect(none.records.get(id)![1].noisyTest!.confusion).toEqual(records[1].test.confusion);
      expect(none.records.get(id)![1].noisyTest!.loss).toBeCloseTo(records[1].test.loss, 4);
      const [slightly, badly] = [some, much].map(({ records }) => records.get(id)![1].noisyTest!.loss);
      expect(slightly).not.toBe(records[1].test.loss);
      expect(badly).not.toBe(slightly);
    }
    const still = task(members(models[0][1], [{ ...differing[0], optimizer: { sgd: { learningRate: 1e-30 } } }]));
    const [[first, second]] = (await train({ ...still, measure: { testNoise: 1 } })).records.values();
    expect(second.noisyTest).toEqual(first.noisyTest);
  });
});

describe("records", () => {
  it("follow from their confusion matrices, and count every example once", async () => {
    const { records } = await train(task(members(models[0][1])));
    for (const { train: training, validation, test } of [...records.values()].flat()) {
      for (const [measured, count] of [
        [training, 213],
        [validation!, 27],
        [test, 60],
      ] as const) {
        expect(measured.confusion.flat().reduce((a, b) => a + b, 0)).toBe(count);
        const hits = measured.confusion.reduce((sum, row, k) => sum + row[k], 0);
        expect(measured.accuracy).toBe(hits / count);
        expect(measured.weighted.recall).toBeCloseTo(measured.accuracy, 12);
      }
    }
  });
});

it("trains convolutional networks to the same bits with one thread and with two", async () => {
  const model: Spec = { cnn: { channels: [16, 24], dense: [32], batchNorm: true } };
  const large = { ...task(members(model), 16), batchSize: 64, epochs: 1 };
  expect(await train(large, {}, nodeBackend(2))).toEqual(await train(large));
});
