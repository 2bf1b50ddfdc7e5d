import { beforeAll, describe, expect, it } from "vitest";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { type CohortData, cohort, type Member, stateOf } from "./cohort.ts";
import { memberOf } from "./members.ts";
import { nodeBackend } from "./node-backend.ts";
import type { Spec, Trial } from "./records.ts";
import { type EpochResult, type TrainingTask, trainCohort } from "./train.ts";
import { trainWarm } from "./warm-start.ts";

const backend = nodeBackend();
const sgd = { sgd: { learningRate: 0.1, momentum: 0.9 } };
const after = { after: { optimizer: sgd, epochs: 3 } };

/** Trials whose order in a cohort is another under their own optimizers than under SGD. */
const own: { loss: string; optimizer: Spec }[] = [
  { loss: "ce", optimizer: { rmsprop: { learningRate: 0.001 } } },
  { loss: "mae", optimizer: { adam: { learningRate: 0.01 } } },
  { loss: "hinge", optimizer: { adamw: { learningRate: 0.01 } } },
  { loss: "focal", optimizer: { adam: { learningRate: 0.02 } } },
];

const members = (warmStart: unknown, differences = own): Member[] =>
  differences.map(({ loss, optimizer }) =>
    memberOf(
      {
        id: loss,
        model: { layers: ["batchNorm", { dense: 8 }, "activation", { dense: 3 }] },
        activation: { relu: {} },
        loss: { [loss]: {} },
        optimizer,
        schedule: { cosine: {} },
        warmStart,
        seed: 1,
      } as unknown as Trial,
      zoo,
    ),
  );

const data: CohortData = {
  shape: [5],
  pixels: "uint8",
  classes: 3,
  classCounts: [20, 20, 20],
  scale: [1 / 255],
  offset: [0],
};

function task(own: Member[]): TrainingTask {
  const total = 80;
  const stream = random(3, "images");
  const labels = Uint8Array.from({ length: total }, (_, i) => i % 3);
  const images = Uint8Array.from({ length: total * 5 }, (_, i) => {
    const hint = i % 5 === labels[Math.floor(i / 5)] ? 150 : 0;
    return hint + 100 * stream.uniform(i);
  });
  const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    cohort: cohort(own, data),
    data: { images, labels, train: range(0, 60), validation: range(60, 60), test: range(60, 80) },
    batchSize: 7,
    epochs: 2,
    seed: 1,
  };
}

const all = async (results: AsyncGenerator<EpochResult>): Promise<EpochResult[]> => {
  const list: EpochResult[] = [];
  for await (const { state, records, ...rest } of results) {
    const copy = Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]);
    list.push({ ...rest, records: records.map((r) => ({ ...r, seconds: 0 })), state: Object.fromEntries(copy) });
  }
  return list;
};

/** Parameters of one trial. */
const parametersOf = ({ cohort: { members, model } }: TrainingTask, { state }: EpochResult, id: string): number[] => {
  const at = members.findIndex((m) => m.id === id);
  return Object.keys(model.parameters).flatMap((name) => {
    const size = state[name].data.length / members.length;
    return Array.from(state[name].data.subarray(at * size, (at + 1) * size));
  });
};

describe("a training that goes on from another's weights", () => {
  const warm = task(members(after));
  let results: EpochResult[];
  beforeAll(async () => {
    results = await all(trainWarm(warm, backend));
  });

  it("numbers the epochs before up to 0 and keeps no records of them", () => {
    expect(results.map(({ epoch, records }) => [epoch, records.length])).toEqual([
      [-2, 0],
      [-1, 0],
      [0, 0],
      [1, 4],
      [2, 4],
    ]);
  });

  it("begins where SGD alone ends, trial by trial, and with other optimizers' tensors empty", async () => {
    const plain = { ...task(members("fresh", own.map((o) => ({ ...o, optimizer: sgd })))), epochs: 3 }; // biome-ignore format: one line
    const order = (t: TrainingTask) => t.cohort.members.map(({ id }) => id);
    expect(order(plain)).not.toEqual(order(warm));
    const still = task(members(after, own.map((o) => ({ ...o, optimizer: { sgd: { learningRate: 1e-30 } } })))); // biome-ignore format: one line
    const [trained, begun] = [(await all(trainCohort(plain, backend))).at(-1)!, await all(trainWarm(still, backend))];
    expect(begun[2].state).toEqual(trained.state);
    for (const { loss } of own) expect(parametersOf(still, begun[3], loss)).toEqual(parametersOf(plain, trained, loss));
    // The same training from the same weights, with and without a past: Adam's first step has no memory of SGD's.
    const given = { epoch: 0, ended: new Map<string, string>(), state: {} as Record<string, Float32Array> };
    for (const { name } of stateOf(warm.cohort).filter(({ name }) => !name.startsWith("slot"))) {
      const size = trained.state[name].data.length / own.length;
      given.state[name] = new Float32Array(size * own.length);
      order(warm).forEach((id, i) => {
        const at = order(plain).indexOf(id) * size;
        given.state[name].set(trained.state[name].data.subarray(at, at + size), i * size);
      });
    }
    expect((await all(trainCohort(warm, backend, { resume: given }))).at(-1)).toEqual(results.at(-1));
  });

  it("differs from a training with fresh weights", async () => {
    const fresh = await all(trainWarm(task(members("fresh")), backend));
    expect(fresh).toHaveLength(2);
    expect(fresh[0].records[0].test.loss).not.toBe(results[3].records[0].test.loss);
  });

  it("trains each trial as it trains alone, to the rounding of float32", async () => {
    for (const { loss, optimizer } of own) {
      const single = task(members(after, [{ loss, optimizer }]));
      const alone = (await all(trainWarm(single, backend))).at(-1)!;
      const together = parametersOf(warm, results.at(-1)!, loss);
      parametersOf(single, alone, loss).forEach((value, i) => {
        expect(Math.abs(value - together[i]), `${loss}, number ${i}`).toBeLessThan(1e-3);
      });
    }
  });

  it.each([0, 1, 2, 3])("goes on after each of its epochs with the same bits (%i)", async (done) => {
    const { epoch, state } = results[done];
    const values = Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t.data.slice()]));
    const rest = await all(trainWarm(warm, backend, { resume: { epoch, state: values, ended: new Map() } }));
    expect(rest).toEqual(results.slice(done + 1));
  });

  it("ends a trial that diverges before, with the reason, and leaves the others alone", async () => {
    const wild = { after: { optimizer: { sgd: { learningRate: 1e30 } }, epochs: 3 } };
    const outcome = await all(trainWarm(task(members(wild, [{ loss: "mse", optimizer: sgd }])), backend));
    const reasons = outcome.flatMap(({ diverged }) => [...diverged.values()]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/ of the training before$/);
    expect(outcome.flatMap(({ records }) => records)).toEqual([]);
  });
});
