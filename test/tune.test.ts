/** Tuning, carried out: what is chosen hangs on validation alone, survives interruption, and is told in every output. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExecuteOptions, execute } from "../src/lab/execute.ts";
import { type ReadyStudy, readyObject } from "../src/lab/study.ts";
import { buildReport } from "../src/report/build.ts";
import { answer, type TuningResults, tuningResults } from "../src/report/index.ts";
import { measuresTable } from "../src/report/results-csv.ts";
import { untuned } from "../src/report/stages.ts";
import { plainText } from "../src/report/text.ts";
import type { RunResults } from "../src/run/records.ts";
import { openStore } from "../src/store/store.ts";

const study = {
  name: "tuned",
  data: { set: "digits", train: 400, test: 100, validation: 100 },
  model: { mlp: { hidden: [12] } },
  loss: ["ce", "mae", { formula: "-log(p) / (p > 0.5 ? 1 : p)" }],
  optimizer: { sgd: { learningRate: 0.001, momentum: 0.9 } },
  epochs: 4,
  batchSize: 20,
  seeds: 2,
  tune: { learningRate: "logUniform(1e-3, 1e4)", trials: 5, search: { successiveHalving: { factor: 2 } } },
};

let folder: string;
let ready: ReadyStudy;
let whole: RunResults;

/** Carries the study out in a store of its own. */
async function carryOut(name: string, options: Partial<ExecuteOptions> = {}): Promise<RunResults> {
  const store = await openStore(join(folder, name));
  try {
    const { plan, prepared } = ready;
    const { run, failures } = await execute(plan, { store, prepared, workers: 2, ...options });
    expect(failures).toEqual([]);
    return await store.results(run.id, { confusions: "last" });
  } finally {
    await store.close();
  }
}

const chosen = (results: RunResults) => tuningResults(results)!.cells.map((c) => c.chosen?.values);

/** All that was measured, without seconds. */
const figures = ({ trials }: RunResults) =>
  trials.map(({ trial, status, roles, history }) => [
    trial.id,
    status,
    roles,
    history.map(({ seconds: _, ...record }) => record),
  ]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "losslab-tune-"));
  ready = await readyObject(study);
  whole = await carryOut("whole");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("each configuration has its candidates and, on other seeds, the comparison without and with tuning", () => {
  const { cells, rounds } = tuningResults(whole) as TuningResults;
  expect(cells.map((c) => c.label)).toEqual(["CE", "MAE", expect.stringContaining("log")]);
  expect(rounds).toBe(2);
  for (const cell of cells.slice(0, 2)) {
    expect(cell.candidates.filter((c) => c.round === 0).map((c) => c.epochs)).toEqual(Array(5).fill(2));
    const last = cell.candidates.filter((c) => c.round === 1);
    expect(last.length).toBeLessThanOrEqual(3);
    const best = Math.max(...last.map((c) => c.score!));
    expect(cell.chosen?.score).toBe(best);
    expect(cell.untuned?.n).toBe(2);
    expect(cell.tuned?.n).toBe(2);
    expect(cell.gain!.mean).toBeCloseTo(cell.tuned!.mean - cell.untuned!.mean, 12);
  }
  // The gradient of the third grows without bound: whatever trains long enough diverges, and there is nothing to choose.
  const { candidates, chosen, untuned, tuned } = cells[2];
  expect(candidates.filter((c) => c.diverged).length).toBe(5);
  expect([chosen, tuned]).toEqual([null, null]);
  expect(untuned).not.toBeNull();
  expect(whole.run.trials.length).toBe(whole.trials.length);
  expect(new Set(whole.run.trials).size).toBe(whole.run.trials.length);
});

test("what the test split holds changes no choice", async () => {
  const other = await carryOut("other", {
    prepared(spec, seed) {
      const data = ready.prepared(spec, seed);
      const labels = data.training.labels.slice();
      // Every test example is called by the next class: what is learned from the rest is wrong on all of them.
      for (const i of data.training.test) labels[i] = (labels[i] + 1) % 10;
      return { ...data, training: { ...data.training, labels } };
    },
  });
  expect(chosen(other)).toEqual(chosen(whole));
  expect(other.run.trials).toEqual(whole.run.trials);
  const accuracies = (results: RunResults) => tuningResults(results)!.cells.map((c) => c.tuned?.mean);
  expect(accuracies(other)).not.toEqual(accuracies(whole));
  const validation = (results: RunResults) => results.trials.map((t) => t.history.map((r) => r.validation));
  expect(validation(other)).toEqual(validation(whole));
});

test("a study that was stopped again and again comes to the same in the end", async () => {
  const stages: number[] = [];
  let stops = 0;
  for (;;) {
    const stop = new AbortController();
    let epochs = 0;
    const results = await carryOut("stopped", {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind === "started") stages.push(event.stage!.number);
        if (event.kind === "epoch" && ++epochs === 7) stop.abort();
      },
    });
    if (results.run.state === "finished") {
      expect(figures(results)).toEqual(figures(whole));
      break;
    }
    stops++;
    expect(stops).toBeLessThan(30);
  }
  expect(stops).toBeGreaterThan(1);
  expect(new Set(stages)).toEqual(new Set([0, 1, 2]));
});

test("a second run trains nothing and finds the same", async () => {
  const known: [number, number][] = [];
  const again = await carryOut("whole", {
    onEvent: (event) => event.kind === "started" && known.push([event.known, event.trials]),
  });
  for (const [some, all] of known) expect(some).toBe(all);
  expect(known.length).toBe(3);
  expect(figures(again)).toEqual(figures(whole));
});

test("the report compares the tuned trials under the names of the study, and shows the untuned beside them", async () => {
  const { sections } = await buildReport(whole);
  const text = (id: string) => JSON.stringify(sections.find((s) => s.id === id));
  const { cells } = tuningResults(whole)!;
  const { blocks } = sections.find((s) => s.id === "answer")!;
  const said = blocks.flatMap((b) => (b.kind === "prose" ? [plainText(b.text)] : [])).join(" ");
  expect(said).toContain(answer(untuned(whole)));
  expect(said).toContain(answer(whole));
  expect(answer(untuned(whole))).not.toBe(answer(whole));
  for (const { label, chosen, untuned, tuned } of cells.slice(0, 2)) {
    expect(text("tuning")).toContain(`learning rate ${chosen!.values["optimizer.learningRate"]}`);
    expect(text("ranking")).toContain(`${tuned!.mean}`);
    expect(text("tuning")).toContain(`${untuned!.mean}`);
    expect(text("ranking")).toContain(JSON.stringify(label).slice(1, -1));
  }
  expect(text("setup")).toContain("learning rate tuned");
  expect(text("ranking")).not.toContain("lr");
  for (const id of ["tuning", "limitations"]) expect(text(id)).toContain("no candidate trained to the end");
  const edges = cells.flatMap((c) => c.edges);
  for (const { value } of edges) expect(text("tuning")).toContain(`${value}, is the`);
});

test("tables for programs have all trials, each with what it is for", () => {
  const { columns, rows } = measuresTable(whole, { history: false });
  const [trial, stage] = ["trial", "stage"].map((name) => columns.findIndex((c) => c.name === name));
  const stages = new Map(rows.map((row) => [row[trial], row[stage]]));
  expect(new Set(stages.values())).toEqual(new Set(["tuning", "untuned", "tuned"]));
  expect(stages.size).toBe(whole.trials.filter((t) => t.history.length > 0).length);
});
