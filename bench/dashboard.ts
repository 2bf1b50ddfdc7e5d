/**
 * How long the dashboard takes to show a run of 1,000 trials × 100 epochs: `npm run bench:dashboard`.
 * From the request of the page to its first curves, in Chromium.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import { ce, type FixtureConfiguration, fixtureResults, focal, hinge, plain, sgd } from "../src/report/fixture.ts";
import { median } from "../src/stats/median.ts";
import { openStore } from "../src/store/store.ts";
import { findChromium, launchChromium } from "../test/browser/chromium.ts";
import { served } from "../test/program.ts";

const SEEDS = 5;
const EPOCHS = 100;
const TIMES = 5;
/** Nobody opens the page in the moment in which its address is printed. */
const TO_OPEN_MS = 1000;

/** Losses × activations × learning rates: 200 configurations. */
function configurations(): FixtureConfiguration[] {
  const losses = [ce, ...[0.5, 1, 2, 3, 5].map((gamma) => focal(gamma)), ...[1, 2, 5, 10].map((delta) => hinge(delta))];
  const activations = ["relu", "tanh", "selu", "gelu", "elu"].map(plain);
  return losses.flatMap((loss, i) =>
    activations.flatMap((activation, k) =>
      [0.1, 0.03, 0.01, 0.003].map((rate, j) => {
        const accuracy = 0.97 - 0.002 * i - 0.004 * k - 0.003 * j;
        return { loss, activation, optimizer: sgd(rate), accuracy };
      }),
    ),
  );
}

/** A store as such a run leaves it. The later epochs are made by the database, each a little better than the one before. */
async function madeStore(dir: string): Promise<{ id: string; trials: number }> {
  const { run, trials } = fixtureResults({ configurations: configurations(), seeds: SEEDS, epochs: 1 });
  const store = await openStore(dir);
  const ids = trials.map((t) => t.trial.id);
  await store.createRun(
    run,
    trials.map((t) => ({ ...t.trial, epochs: EPOCHS })),
  );
  await store.startCohort({ id: "c", run: run.id, trials: ids, model: "m" });
  await store.saveEpoch("c", 1, trials.flatMap((t) => t.history), null); // biome-ignore format: one line
  await store.finishTrials(
    "c",
    ids.map((trial) => ({ trial, status: "done", reason: null })),
  );
  await store.close();
  const db = new Database(join(dir, "losslab.sqlite"));
  for (const table of ["epochs", "confusions"]) {
    const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map((c) => c.name).slice(2);
    const later = columns.map((c) => (c.endsWith("_accuracy") ? `${c} + (0.99 - ${c}) * value / (value + 9.0)` : c));
    db.exec(
      `insert into ${table} select trial, value, ${later.join(", ")} from ${table}, generate_series(2, ${EPOCHS}) where epoch = 1`,
    );
  }
  db.pragma("wal_checkpoint(TRUNCATE)"); // as a run that has ended leaves it
  db.close();
  return { id: run.id, trials: ids.length };
}

const found = findChromium();
if ("missing" in found) {
  console.error(`nothing is measured: ${found.missing}`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "losslab-bench-dashboard-"));
const browser = await launchChromium(found.path);
try {
  const { id, trials } = await madeStore(folder);
  const seconds: number[] = [];
  for (let time = 0; time <= TIMES; time++) {
    // Another server each time: nothing is remembered.
    const { child: server, url } = await served(folder, ["dashboard", "--port", "0", "--read-only", "--store", folder]);
    await sleep(TO_OPEN_MS);
    const page = await browser.newPage();
    const begun = performance.now();
    await page.goto(new URL(`#/run?ids=${id}`, url).href);
    await page.waitForFunction(() => document.querySelector(".chart svg path")); // with each frame; a locator looks twice a second
    if (time > 0) seconds.push((performance.now() - begun) / 1000); // the first time warms up
    await page.close();
    server.kill("SIGINT");
    await once(server, "exit");
  }
  const [middle, least, most] = [median(seconds), Math.min(...seconds), Math.max(...seconds)].map((s) => s.toFixed(2));
  console.log(`${trials} trials x ${EPOCHS} epochs, ${TIMES} times: curves after ${middle} s (${least} to ${most})`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
