/** The laboratory's training in Node.js: the same numbers as the study file that it exports gives on the command line. */
import { describe, expect, it } from "vitest";
import { readyObject } from "../src/lab/study.ts";
import { cohort } from "../src/run/cohort.ts";
import { memberOf } from "../src/run/members.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import { evaluationBatch } from "../src/run/sizes.ts";
import { trainCohort } from "../src/run/train.ts";
import { zoo } from "../src/zoo/index.ts";
import { decisionsOf, extentOf, gridInputs, RESOLUTION } from "../web/src/laboratory/look.ts";
import { type LaboratoryState, laboratoryFields, studyOf } from "../web/src/laboratory/state.ts";
import { type Phase, ready, Training } from "../web/src/laboratory/training.ts";
import { readState } from "../web/src/state.ts";

const settings = (query: string): LaboratoryState => {
  const { state, problems } = readState(laboratoryFields, query);
  expect(problems).toEqual([]);
  return state;
};

async function training(query: string, onEpoch: (own: Training) => void = () => {}) {
  const phases: Phase[] = [];
  const own: Training = new Training(nodeBackend(), await ready(studyOf(settings(query))), {
    onEpoch: () => onEpoch(own),
    onPhase: (phase) => phases.push(phase),
    onFault: (error) => {
      throw error;
    },
  });
  return { own, phases };
}

/** Of what other work leaves of the machine. */
const until = <T>(read: () => T) => expect.poll(read, { timeout: 50_000 });

const QUERY = "v=1&data=moons&train=200&loss=ce&loss=focal(gamma=2)&loss=mae&epochs=6&seeds=2&noise=0.1&imbalance=4";

describe("the laboratory's training", () => {
  it("gives the numbers of the study that it exports", async () => {
    const { own } = await training(QUERY);
    own.run();
    await own.finished;
    const { plan, prepared } = await readyObject(studyOf(settings(QUERY)));
    const found = own.results();
    expect(found.trials.map(({ trial }) => trial.id)).toEqual(plan.trials.map(({ id }) => id));
    expect(found.trials.map(({ status }) => status)).toEqual(plan.trials.map(() => "done"));
    const byId = new Map(plan.trials.map((trial) => [trial.id, trial]));
    for (const { trials, data, seed, batchSize, epochs } of plan.cohorts) {
      const { cohort: facts, training } = prepared(data, seed);
      const made = cohort(
        trials.map((id) => memberOf(byId.get(id)!, zoo)),
        facts,
      );
      const options = { evaluationBatch: evaluationBatch(made.model, trials.length) };
      const task = { cohort: made, data: training, batchSize, epochs, seed };
      for await (const { epoch, records } of trainCohort(task, nodeBackend(), options)) {
        for (const { trial, test, train } of records) {
          const own = found.trials.find((t) => t.trial.id === trial)!.history[epoch - 1];
          expect({ test: own.test, train: own.train }).toEqual({ test, train });
        }
      }
    }
  });

  it("goes epoch by epoch, pauses, goes on and ends as if it had not paused", async () => {
    const { own, phases } = await training(QUERY);
    const epochs = () => own.results().trials.map(({ history }) => history.length);
    own.step();
    await until(() => phases.at(-1)).toBe("paused");
    expect(epochs()).toEqual([1, 1, 1, 1, 1, 1]);
    own.step();
    await until(() => Math.min(...epochs())).toBe(2);
    await until(() => phases.at(-1)).toBe("paused");
    expect(epochs()).toEqual([2, 2, 2, 2, 2, 2]);
    own.run();
    await own.finished;
    expect(phases.at(-1)).toBe("finished");
    const whole = await training(QUERY);
    whole.own.run();
    await whole.own.finished;
    const numbers = (t: Training) =>
      t.results().trials.map(({ history }) => history.map(({ seconds: _, ...rest }) => rest));
    expect(numbers(own)).toEqual(numbers(whole.own));
  });

  it("ends at once when it is told, also while it is paused", async () => {
    const { own } = await training(QUERY, (t) => t.pause());
    own.run();
    await until(() => own.results().trials.some(({ history }) => history.length === 1)).toBe(true);
    await own.stop();
    expect(own.results().trials.some(({ status }) => status === "running")).toBe(true);
  });

  it("shows what a trained network decides: the points' own classes, and its ONNX model decides the same", async () => {
    const { own } = await training("v=1&data=blobs&spread=0.1&train=200&loss=ce&epochs=20&model=mlp(hidden=[8])");
    const [{ id }] = own.study.plan.trials;
    const facts = own.study.prepared(own.cohortOf(id)).cohort;
    const extent = extentOf(own.study.dataset.train.images);
    const inputs = gridInputs(extent, facts);
    expect(await own.logits(id, inputs)).toBeNull();
    expect(() => own.onnx(id)).toThrow("has not been trained");
    own.run();
    await own.finished;
    const { classes, sure } = decisionsOf((await own.logits(id, inputs))!, facts.classes);
    // The corners of the map, from the top left: classes 2, 3, 0, 1.
    const last = RESOLUTION * RESOLUTION - 1;
    expect([0, RESOLUTION - 1, last - RESOLUTION + 1, last].map((i) => classes[i])).toEqual([2, 3, 0, 1]);
    expect(Math.min(...sure)).toBeGreaterThanOrEqual(1 / 4);
    const session = await nodeBackend().session(own.onnx(id));
    const input = nodeBackend().tensor("float32", Float32Array.of(-0.7, 0.7, 0.7, -0.7), [2, 2]);
    const { probabilities } = await session.run({ input });
    const rows = Array.from(probabilities.data as Float32Array);
    expect([rows.slice(0, 4), rows.slice(4)].map((p) => p.indexOf(Math.max(...p)))).toEqual([2, 1]);
    await session.release();
    await own.stop();
  });

  it("says what is wrong with a study, with its place", async () => {
    const asked = (change: object) => ready({ ...studyOf(settings("")), ...change });
    await expect(asked({ loss: [{ focal: { gamma: -1 } }] })).rejects.toThrow(/loss\[0\]\.focal\.gamma.*>= 0/);
    await expect(asked({ model: "lenet" })).rejects.toThrow(/lenet|image/i);
    await expect(asked({ data: { set: "./iris.csv" } })).rejects.toThrow("its files are not open");
    await expect(asked({ data: { set: "digits", spread: 0.1 } })).rejects.toThrow("only for points in the plane");
    await expect(asked({ data: { set: "mnist" } })).rejects.toThrow("is no data set that is drawn");
  });
});
