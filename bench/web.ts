/**
 * Training in Chromium: a cohort of four networks of MNIST's size beside TensorFlow.js, whose back ends are all tried. Both in one page,
 * in turns; `npm run bench:web`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { listen } from "../src/serve/listen.ts";
import { site } from "../src/serve/site.ts";
import { median } from "../src/stats/median.ts";
import { findChromium, launchChromium } from "../test/browser/chromium.ts";
import { servedPages } from "../test/browser/pages.ts";
import config from "../web/vite.config.ts";
import { line } from "./table.ts";
import { mainThreadTasks } from "./web/tasks.ts";
import type { Turn } from "./web/work.ts";

/** What the page has to measure. */
declare const sides: {
  version: string;
  isolated: boolean;
  losslab: (threads: number) => Promise<Turn>;
  tensorflow: (backend: string, steps: number) => Promise<Turn | { problem: string }>;
};

const BAR = 0.25;
const REPEATS = Number(process.env.REPEATS ?? 5);
/** Steps of one model in a turn: so many that a turn takes about a second. */
const BACK_ENDS = { wasm: 60, webgl: 20, cpu: 10 } as const;

const chromium = findChromium();
if ("missing" in chromium) {
  console.error(chromium.missing);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "losslab-bench-web-"));
await build({
  ...config,
  configFile: false,
  // TensorFlow.js makes code from text.
  plugins: config.plugins?.filter((plugin) => !(plugin && "name" in plugin && plugin.name === "losslab-policy")),
  root: join(import.meta.dirname, "web"),
  logLevel: "error",
  // Nor does its code for threads survive being made short.
  build: {
    outDir: folder,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { input: join(import.meta.dirname, "web/index.html") },
  },
});
const server = await listen(site(folder, { policy: false }), 0);
const browser = await launchChromium(chromium.path);
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(server.url);
  await page.waitForFunction("globalThis.sides !== undefined");
  const { version, isolated } = await page.evaluate(() => ({ version: sides.version, isolated: sides.isolated }));
  const [cpu] = cpus();
  console.log(`${cpu.model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}; ${browser.version()}`);
  console.log(
    `Microseconds of one step of one model, 784-28-10, batch 100; TensorFlow.js ${version}; isolated: ${isolated}\n`,
  );

  const own = new Map<number, number[]>([1, availableParallelism()].map((threads) => [threads, []]));
  const theirs = new Map<string, number[]>();
  const problems = new Map<string, string>();
  for (let i = 0; i < REPEATS; i++) {
    for (const [threads, all] of own) {
      const { microseconds } = await page.evaluate((n) => sides.losslab(n), threads);
      all.push(microseconds);
    }
    for (const [backend, steps] of Object.entries(BACK_ENDS)) {
      if (problems.has(backend)) continue;
      const found: Turn | { problem: string } = await page.evaluate(([b, n]) => sides.tensorflow(b, n), [
        backend,
        steps,
      ] as const);
      if ("problem" in found) problems.set(backend, found.problem);
      else theirs.set(backend, [...(theirs.get(backend) ?? []), found.microseconds]);
    }
  }
  console.log(line(["", "median µs", "all"], 12));
  const told = (name: string, all: readonly number[]): void =>
    console.log(line([name, median(all).toFixed(0), `  ${all.map((v) => v.toFixed(0)).join(" ")}`], 12));
  for (const [threads, all] of own) told(`losslab, ${threads === 1 ? "1 thread" : `${threads} threads`}`, all);
  for (const [backend, all] of theirs) told(`TensorFlow.js ${backend}`, all);
  for (const [backend, problem] of problems) console.log(line([`TensorFlow.js ${backend}`, "–", `  ${problem}`], 12));
  const best = Math.min(...[...theirs.values()].map(median));
  for (const [threads, all] of own) {
    const ratio = median(all) / best;
    const verdict = ratio <= BAR ? "met" : "missed";
    console.log(
      `\nlosslab with ${threads} of ${availableParallelism()} threads: ${ratio.toFixed(3)} of TensorFlow.js's best; bar ${BAR}: ${verdict}`,
    );
  }

  const laboratory = await servedPages();
  try {
    const { count, longest } = await mainThreadTasks(browser, `${laboratory.url}#/laboratory`);
    const told = longest.map((task) => `${task.wallMs.toFixed(0)} (${task.processorMs.toFixed(0)})`).join(", ");
    console.log(
      `\nThe laboratory's main thread while it trains: ${count} tasks, the longest in ms (of the processor): ${told}`,
    );
  } finally {
    await laboratory.close();
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
