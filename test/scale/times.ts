/** How long a report of many trials takes, and the dashboard's answers about them, on either store. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dashboard } from "../../src/dashboard/server.ts";
import { ce, type FixtureConfiguration, fixtureResults, focal, hinge, plain, sgd } from "../../src/report/fixture.ts";
import { openStore } from "../../src/store/store.ts";
import { losslab } from "../postgres/lab.ts";
import { dashboardOf } from "../program.ts";
import { type Finding, finding, seconds } from "./finding.ts";

const EPOCHS = 10;
const SEEDS = 10;

/** Losses × activations × learning rates. */
function configurations(count: number): FixtureConfiguration[] {
  const losses = [ce, ...[0.5, 1, 2, 3, 5].map((gamma) => focal(gamma)), ...[1, 2, 5, 10].map((delta) => hinge(delta))];
  const activations = ["relu", "tanh", "selu", "gelu", "elu"].map(plain);
  const rates = Array.from({ length: Math.ceil(count / 50) }, (_, i) => 0.1 / (i + 1));
  return losses
    .flatMap((loss, i) =>
      activations.flatMap(
        (activation, k) =>
        rates.map((rate, j) => ({ loss, activation, optimizer: sgd(rate), accuracy: 0.97 - 0.002 * i - 0.004 * k - 0.0005 * j })), // biome-ignore format: one line
      ),
    )
    .slice(0, count);
}

async function fill(place: string, count: number): Promise<{ id: string; trials: number; ms: number }> {
  const { run, trials } = fixtureResults({
    configurations: configurations(count / SEEDS),
    seeds: SEEDS,
    epochs: EPOCHS,
  });
  const store = await openStore(place);
  const begun = performance.now();
  await store.createRun(
    run,
    trials.map((t) => t.trial),
  );
  const ids = trials.map((t) => t.trial.id);
  await store.startCohort({ id: "c", run: run.id, trials: ids, model: "m" });
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const at = trials.flatMap((t) => t.history.filter((record) => record.epoch === epoch));
    await store.saveEpoch("c", epoch, at, null);
  }
  await store.finishTrials(
    "c",
    ids.map((trial) => ({ trial, status: "done", reason: null })),
  );
  const ms = performance.now() - begun;
  await store.close();
  return { id: run.id, trials: ids.length, ms };
}

export async function times(folder: string, name: string, store: string, count: number): Promise<Finding[]> {
  const { id, trials, ms } = await fill(store, count);
  const where = `${trials} trials × ${EPOCHS} epochs on ${name}`;
  const found = [finding(`${where}: written`, seconds(ms), "", null)];
  const begun = performance.now();
  const { status, stderr } = await losslab(folder, "report", id, "--store", store, "--out", join(folder, "scale.html"));
  if (status !== 0) throw new Error(stderr);
  found.push(finding(`${where}: report`, seconds(performance.now() - begun), "", null));
  const pages = join(folder, "pages");
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, "index.html"), "<html><head></head></html>");
  const shown = await dashboard({ ...dashboardOf(store, pages, folder), readOnly: true });
  try {
    const ask = async (path: string): Promise<number> => {
      const asked = performance.now();
      const answer = await fetch(new URL(`api/${path}`, shown.url));
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return performance.now() - asked;
    };
    const views = ["runs", `runs/${id}`, `runs/${id}/curves?metric=accuracy&split=test`, `runs/${id}/ranking`, `runs/${id}/trials`]; // biome-ignore format: one line
    for (const path of views) {
      const shortened = path.replace(id, "ID").replace(/\?.*/, "");
      found.push(finding(`${where}: GET /api/${shortened}`, seconds(await ask(path)), "", null));
    }
    // Another selection, of which nothing is known yet.
    let ranked = false;
    const ranking = ask(`runs/${id},${id}/ranking`).finally(() => (ranked = true));
    let longest = 0;
    while (!ranked) longest = Math.max(longest, await ask("runs"));
    await ranking;
    found.push(finding(`${where}: GET /api/runs while it reads and ranks, at most`, seconds(longest), "", null));
  } finally {
    await shown.close();
  }
  return found;
}
