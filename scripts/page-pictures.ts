/**
 * Photographs the pages for the documents, light and dark: `npx tsx scripts/page-pictures.ts [--store DIR] [name …]` writes
 * docs/pictures/<name>.webp and <name>-dark.webp. What they show is trained by the built program (`npm run build && npm run build:web`), in a
 * store of its own, or was trained so before and is in DIR.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import type { RankingView, RunList, RunView } from "../src/dashboard/api.ts";
import { dashboard } from "../src/dashboard/server.ts";
import { findChromium, launchChromium } from "../test/browser/chromium.ts";

const root = join(import.meta.dirname, "..");
const bin = join(root, "bin/losslab.js");
const WIDTH = 1280;
const QUALITY = 72;
const PATIENCE_MS = 600_000;

/** Small enough to be trained while one waits, and with everything that a page can show. */
const studies: [name: string, file: string][] = [
  ["which-loss", `name: which-loss
description: Does a loss that forgives mistakes help where labels are wrong?
data: { set: digits, train: 2000, validation: 500, test: 1000, labelNoise: { symmetric: 0.2 } }
model: { mlp: { hidden: [28] } }
activation: [relu, tanh]
loss: [ce, mae, { generalizedCe: { q: 0.7 } }, { focal: { gamma: 2 } }]
optimizer: { sgd: { learningRate: 0.1, momentum: 0.9 } }
epochs: 20
batchSize: 50
seeds: 3
measure: each
diagnostics: true
robustness: { corruptions: [gaussianNoise, blur], severities: [1, 3, 5], examples: 300 }
claims:
  - { id: A, claim: Generalized cross-entropy beats cross-entropy., test: accuracy(generalizedCe) > accuracy(ce) }
  - { id: B, claim: Focal loss beats cross-entropy., test: accuracy(focal) > accuracy(ce) }
`],
  ["learning-rates", `name: learning-rates
description: How much does the learning rate matter?
data: { set: digits, train: 2000, validation: 500, test: 1000 }
optimizer: { sgd: { learningRate: [0.01, 0.03, 0.1, 0.3] } }
loss: [ce, mae]
epochs: 10
batchSize: 50
seeds: 2
`],
]; // biome-ignore format: as files

/** One that is under way, and paused, while the list is photographed. */
const UNDER_WAY = `name: batch-sizes
description: Are small batches better?
data: { set: digits, train: 2000, validation: 500, test: 1000 }
loss: [ce, mae]
batchSize: [20, 50, 100]
epochs: 500
seeds: 3
`;

interface Shot {
  name: string;
  hash: string;
  height: number;
  /** Waits until all is there. */
  until: (page: Page) => Promise<unknown>;
}

const pictures = (n: number) => (page: Page) =>
  page
    .locator(".picture svg")
    .nth(n - 1)
    .waitFor();
const rows = (page: Page) => page.locator("tbody tr").first().waitFor();

function shotsOf(run: string, other: string, trial: string): Shot[] {
  const laboratory = "v=1&train=400&epochs=40&loss=ce&loss=focal(gamma=2)&loss=mae&noise=0.1";
  return [
    { name: "home", hash: "#/", height: 420, until: (page) => page.getByRole("link", { name: "Open the runs" }).waitFor() },
    { name: "explorer", hash: "#/explorer", height: 1500, until: async (page) => {
      await pictures(1)(page);
      await page.locator(".simplex").nth(3).waitFor();
    } },
    { name: "laboratory", hash: `#/laboratory?${laboratory}`, height: 1160, until: async (page) => {
      await page.getByRole("status").getByText("ready").waitFor();
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.getByRole("status").getByText("finished").waitFor();
    } },
    { name: "runs", hash: `#/runs?compare=${run},${other}`, height: 340, until: (page) => page.getByRole("button", { name: "Continue" }).waitFor() },
    { name: "run", hash: `#/run?ids=${run}`, height: 1240, until: pictures(2) },
    { name: "factors", hash: `#/run?ids=${run}&metric=loss&facet=activation&seeds=1`, height: 830, until: pictures(3) },
    { name: "compare", hash: `#/run?ids=${run},${other}`, height: 900, until: pictures(2) },
    { name: "pairs", hash: `#/run?ids=${run}&view=pairs`, height: 860, until: pictures(1) },
    { name: "trials", hash: `#/run?ids=${run}&view=trials&group=loss`, height: 560, until: rows },
    { name: "claims", hash: `#/run?ids=${run}&view=claims`, height: 380, until: rows },
    { name: "trial", hash: `#/trial?id=${trial}&mistakes=1`, height: 2560, until: async (page) => {
      await pictures(6)(page);
      await page.locator(".mistakes img").nth(7).waitFor();
    } },
    { name: "study", hash: `#/study?again=${run}`, height: 1240, until: (page) => page.getByText("No mistakes").waitFor() },
  ]; // biome-ignore format: a line for each
}

async function shoot(browser: Browser, url: string, { name, hash, height, until }: Shot, dark: boolean): Promise<void> {
  const colorScheme = dark ? "dark" : "light";
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme, locale: "en-GB" });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url + hash);
  await until(page);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(1000); // what is drawn last
  const session = await page.context().newCDPSession(page);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.min(height, whole), scale: 1 };
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY, clip, captureBeyondViewport: true }); // biome-ignore format: one line
  const file = join(root, "docs/pictures", `${name}${dark ? "-dark" : ""}.webp`);
  writeFileSync(file, Buffer.from(data, "base64"));
  console.log(file);
  await page.close();
}

const found = findChromium();
if ("missing" in found) throw new Error(found.missing);
const {
  values: { store: given },
  positionals: wanted,
} = parseArgs({ options: { store: { type: "string" } }, allowPositionals: true });
const folder = mkdtempSync(join(tmpdir(), "losslab-pictures-"));
const store = given ?? join(folder, "results");
const browser = await launchChromium(found.path);
try {
  for (const [, input] of given ? [] : [...studies].reverse()) {
    const { status, stderr } = spawnSync(process.execPath, [bin, "run", "-", "--store", store, "--no-report"], { input, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  } // biome-ignore format: one line each
  const pages = join(root, "web/dist");
  const options = { port: 0, host: "127.0.0.1", token: null, readOnly: false, allowCode: false, folder };
  const server = await dashboard({ store, pages, program: [process.execPath, bin], ...options });
  const get = async <T>(path: string): Promise<T> => (await fetch(server.url + path)).json() as Promise<T>;
  const { runs } = await get<RunList>("api/runs");
  const [run, other] = studies.map(([name]) => runs.find(({ study }) => study === name)!.id);
  const post = (path: string, body: object = {}) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await post("api/start", { yaml: UNDER_WAY, workers: 1 });
  const begun = async () =>
    (await get<RunList>("api/runs")).runs.find((r) => r.study === "batch-sizes" && r.held && r.epochs.done > 0);
  let third = await begun();
  for (; !third; third = await begun()) await new Promise((resolve) => setTimeout(resolve, 500));
  await post(`api/runs/${third.id}/pause`);
  const { configurations } = await get<RunView>(`api/runs/${run}`);
  const [best] = (await get<RankingView>(`api/runs/${run}/ranking`)).rows;
  const trial = configurations.find((c) => c.key === best.key)!.trials[0].id;
  for (const shot of shotsOf(run, other, trial)) {
    if (wanted.length > 0 && !wanted.includes(shot.name)) continue;
    for (const dark of [false, true]) await shoot(browser, server.url, shot, dark);
  }
  await post(`api/runs/${third.id}/stop`);
  while ((await get<RunList>("api/runs")).runs.some((r) => r.held))
    await new Promise((resolve) => setTimeout(resolve, 500));
  await server.close();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
