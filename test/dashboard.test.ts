/** The dashboard's server over real HTTP: what it says of a store, what it starts, and what it refuses. */
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import type {
  CheckView,
  CurvesView,
  PairsView,
  RankingView,
  RunList,
  RunView,
  StudyView,
  TrialsView,
  TrialView,
} from "../src/dashboard/api.ts";
import { type Dashboard, type DashboardOptions, dashboard } from "../src/dashboard/server.ts";
import { fixtureResults, focal, fourLosses } from "../src/report/fixture.ts";
import { toJson } from "../src/report/json.ts";
import type { RunResults } from "../src/run/records.ts";
import { processExists } from "../src/store/lock.ts";
import { openStore } from "../src/store/store.ts";
import { dashboardOf, served } from "./program.ts";
import { saveRun } from "./stored.ts";

const folder = mkdtempSync(join(tmpdir(), "losslab-dashboard-"));
const pages = join(folder, "pages");
const stored = join(folder, "stored");
const results: RunResults = fixtureResults({ configurations: fourLosses, seeds: 4, epochs: 8 });
results.run.spec.claims = [{ id: "A", claim: "CE beats MAE.", test: "accuracy(ce) > accuracy(mae)" }];
const { id: run } = results.run;

const options = dashboardOf(stored, pages, folder);

let shared: Dashboard;
const opened: Dashboard[] = [];
async function open(more: Partial<DashboardOptions> = {}): Promise<Dashboard> {
  const made = await dashboard({ ...options, ...more });
  opened.push(made);
  return made;
}

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

/** A request as it is typed: `fetch` would mend its path and its headers. */
function ask(
  { url }: Dashboard,
  path: string,
  { method = "GET", headers = {}, body = "" as string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { host: `localhost:${port}`, ...headers } });
    sent.on("error", reject).on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.end(body);
  });
}

const json = { "content-type": "application/json" };
const post = (server: Dashboard, path: string, body: object = {}, headers: object = {}) =>
  ask(server, path, { method: "POST", headers: { ...json, ...headers }, body: JSON.stringify(body) });
async function get<T>(server: Dashboard, path: string): Promise<T> {
  const { status, text } = await ask(server, path);
  expect([status, text.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return JSON.parse(text);
}

/** Makes a store of results. */
async function write(dir: string, made: RunResults): Promise<void> {
  const store = await openStore(dir);
  await saveRun(store, made);
  await store.close();
}

beforeAll(async () => {
  mkdirSync(pages);
  writeFileSync(join(pages, "index.html"), "<html><head></head><body>page</body></html>");
  writeFileSync(join(folder, "secret.txt"), "secret");
  await write(stored, results);
  shared = await open();
});
afterAll(async () => {
  for (const server of opened) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function until<T>(what: () => Promise<T | undefined | false>, seconds = 150): Promise<T> {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await sleep(100)) {
    const found = await what();
    if (found) return found;
  }
  throw new Error("it did not happen");
}

/** That pairs are those of the run's JSON. */
async function expectPairs(
  server: Dashboard,
  path: string,
  configurations: RunView["configurations"],
  whole: RunResults,
): Promise<void> {
  const { comparisons } = toJson(whole, { history: false }) as {
    comparisons: { first: string; second: string; verdict: string; adjustedP: number; difference: number }[];
  };
  const label = (key: string): string => configurations.find((c) => c.key === key)!.label;
  const { pairs } = await get<PairsView>(server, path);
  expect(pairs).toHaveLength(comparisons.length);
  for (const { first, second, verdict, adjustedP, difference } of pairs) {
    const names = [label(first), label(second)];
    const same = comparisons.find((c) => names.includes(c.first) && names.includes(c.second))!;
    expect([verdict, adjustedP]).toEqual([same.verdict, same.adjustedP]);
    expect(Math.abs(difference!.mean)).toBeCloseTo(Math.abs(same.difference), 12);
  }
}

describe("what it says of a run", () => {
  const of = (view: string): string => `/api/runs/${run}/${view}`;

  test("agrees with `losslab results --json`", async () => {
    const expected = toJson(results, { history: true }) as {
      configurations: { label: string; testAccuracy: object }[];
      trials: { id: string; final: { test: { accuracy: number; mcc: number } } | null }[];
    };
    const { configurations, chance, factors } = await get<RunView>(shared, `/api/runs/${run}`);
    expect(configurations.map((c) => [c.label, c.accuracy])).toEqual(
      expected.configurations.map((c) => [c.label, c.testAccuracy]),
    );
    expect(chance).toBe(0.1);
    expect(factors.map((f) => f.name)).toEqual(["loss"]);

    await expectPairs(shared, of("pairs"), configurations, results);

    const { columns, rows } = await get<TrialsView>(shared, of("trials"));
    const [accuracy, mcc] = ["test_accuracy", "test_mcc"].map((key) => columns.findIndex((c) => c.key === key));
    for (const { id, final } of expected.trials) {
      const row = rows.find((r) => r.id === id)!;
      expect([row.values[accuracy], row.values[mcc]]).toEqual([final?.test.accuracy, final?.test.mcc]);
    }
  });

  test("judges seeds that were added look by look as the report does, also beside those of another run", async () => {
    const dir = join(folder, "looks");
    const added = fixtureResults({ configurations: fourLosses.slice(0, 3), seeds: 8, epochs: 8 });
    const seeds = added.trials.map((t) => t.trial.seed);
    const until = { decided: { maxSeeds: 9, perLook: 2 } }; // of which the look at nine is still to come
    Object.assign(added.run.spec, { seeds: [...new Set(seeds)].slice(0, 3), until });
    await write(dir, added);
    const store = await openStore(dir);
    const { run: other, trials } = fixtureResults({ configurations: fourLosses.slice(0, 2), seeds: 4, epochs: 8 });
    await store.createRun({ ...other, id: "other", study: "second" }, trials.map((t) => t.trial)); // biome-ignore format: one line
    await store.close();
    const server = await open({ store: dir });
    for (const ids of [added.run.id, `${added.run.id},other`, `other,${added.run.id}`]) {
      const { configurations } = await get<RunView>(server, `/api/runs/${ids}`);
      await expectPairs(server, `/api/runs/${ids}/pairs`, configurations, added);
    }
  });

  test("ranks as the report does, chance level and diverged trials included", async () => {
    const { answer, rows } = await get<RankingView>(shared, of("ranking"));
    expect(answer[0]).toMatch(/MAE.*chance/);
    expect(rows.map((r) => r.rank)).toEqual([1, 2, 3, 4]);
    expect(rows.map((r) => r.note)).toContain("1 of 4 diverged");
    expect(rows.at(-1)).toMatchObject({ chance: "stays" });
  });

  test("gives its study back as a file", async () => {
    const { yaml } = await get<StudyView>(shared, of("study"));
    expect(parse(yaml)).toEqual(results.run.spec);
  });

  test("gives curves of stored columns, of confusion matrices and of probabilities", async () => {
    const ce = results.trials.filter((t) => "ce" in t.trial.loss);
    const meanAt = (epoch: number): number =>
      ce.reduce((sum, t) => sum + t.history[epoch - 1].test.accuracy, 0) / ce.length;
    const { curves } = await get<CurvesView>(shared, of("curves?metric=accuracy&split=test"));
    expect(curves[0].epoch).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(curves[0].mean[4]).toBeCloseTo(meanAt(5), 12);
    expect(curves[0].seconds).toBeUndefined();
    const timed = await get<CurvesView>(shared, of("curves?metric=accuracy&split=test&seconds=1"));
    expect(timed.curves[0].seconds![7]).toBeGreaterThan(timed.curves[0].seconds![0]);

    const seeds = await get<CurvesView>(shared, of("curves?metric=mcc&split=validation&seeds=1"));
    expect(seeds.singles.filter((s) => s.broken)).toHaveLength(1);
    expect(seeds.singles).toHaveLength(16);
    expect(seeds.curves.every((c) => c.mean.every((v) => v >= -1 && v <= 1))).toBe(true);

    const late = await get<CurvesView>(shared, of("curves?metric=brier&split=test"));
    expect(late.curves[0].epoch).toEqual([8]); // they were asked for after the last epoch alone
  });

  test("answers others while it ranks hundreds of configurations", async () => {
    const dir = join(folder, "many");
    const losses = Array.from({ length: 400 }, (_, i) => ({ loss: focal(1 + i / 100), accuracy: 0.9 }));
    const many = fixtureResults({ configurations: losses, seeds: 2, epochs: 1 });
    await write(dir, many);
    const server = await open({ store: dir });
    let rows: RankingView["rows"] | null = null;
    const [begun, answered] = [performance.now(), [performance.now()]];
    const ranking = get<RankingView>(server, `/api/runs/${many.run.id}/ranking`).then((view) => (rows = view.rows));
    while (!rows) {
      await get<RunList>(server, "/api/runs");
      answered.push(performance.now());
    }
    expect(await ranking).toHaveLength(400);
    const longest = Math.max(...answered.slice(1).map((at, i) => at - answered[i]));
    expect(longest).toBeLessThan((performance.now() - begun) / 2);
  });

  test("judges its claims", async () => {
    const { claims } = await get<{ claims: object[] }>(shared, of("claims"));
    expect(claims).toMatchObject([{ id: "A", verdict: "supported", grounds: expect.stringContaining("points") }]);
  });

  test("knows all of a trial", async () => {
    const { trial } = results.trials[0];
    const view = await get<TrialView>(shared, `/api/trials/${trial.id}`);
    expect(view).toMatchObject({ status: "done", seed: trial.seed, runs: [run], label: expect.stringContaining("CE") });
    expect(view.final.test!.confusion).toEqual(results.trials[0].history.at(-1)!.test.confusion);
    expect(view.probabilities.test!.reliability).toHaveLength(15);
    expect(view.robustness.length).toBeGreaterThan(10);
    const third = await get<{ confusion: number[][] }>(shared, `/api/trials/${trial.id}/confusion?epoch=3&split=train`);
    expect(third.confusion).toEqual(results.trials[0].history[2].train.confusion);
  });

  test("looks at several runs as one", async () => {
    const dir = join(folder, "two");
    const other = fixtureResults({ configurations: fourLosses.slice(0, 2), seeds: 5, epochs: 8 });
    await write(dir, results);
    const store = await openStore(dir);
    await store.createRun({ ...other.run, id: "other", study: "second" }, other.trials.map((t) => t.trial)); // biome-ignore format: one line
    await store.close();
    const server = await open({ store: dir });
    const view = await get<RunView>(server, `/api/runs/${run},other`);
    expect(view.runs.map((r) => r.id)).toEqual([run, "other"]);
    const seeds = view.configurations.map((c) => c.trials.length);
    expect(seeds).toEqual([5, 5, 4, 4]); // trials that both have count once
  });

  test("refuses what is not there, with what is", async () => {
    for (const path of ["/api/runs/nowhere", "/api/trials/abc", "/api/nothing", `/api/runs/${run}/export/docx`])
      expect((await ask(shared, path)).status).toBe(404);
    const wrong = await ask(shared, of("curves?metric=acuracy"));
    expect([wrong.status, JSON.parse(wrong.text).hint]).toEqual([400, expect.stringContaining("accuracy")]);
  });
});

describe("studies", () => {
  const check = async (yaml: string, server = shared): Promise<CheckView> =>
    JSON.parse((await post(server, "/api/check", { yaml })).text);

  test("are checked as they are typed, with the places of mistakes", async () => {
    const { problems } = await check("name: a\nloss: [ce, { focal: { gama: 2 } }]\n");
    expect(problems).toEqual([
      { message: 'there is no parameter "gama"', hint: 'did you mean "gamma"?', line: 2, column: 23, path: "loss[1].focal.gama" }, // biome-ignore format: one line
    ]);
    expect((await check("name: [")).problems[0]).toMatchObject({ line: expect.any(Number) });
    const { study } = await check("name: a\nloss: [ce, mae]\noptimizer: [sgd, adam]\nepochs: 3\nseeds: 5\n");
    expect(study).toEqual({ name: "a", trials: 20, epochs: 3, seeds: 5 });
  });

  test("name no code, and no data outside the dashboard's folder", async () => {
    symlinkSync("/", join(folder, "link"));
    const code = await check("name: a\nloss: ./own.mjs\n");
    expect(code.problems[0].message).toContain("is code");
    for (const set of ["/etc", "../x.csv", "./link/etc", "~/x.csv"]) {
      const { problems } = await check(`name: a\nloss: ce\ndata: ${set}\n`);
      expect(problems[0]?.message).toContain("outside the folder");
    }
    expect((await check("name: a\nloss: ce\ndata: ./own.csv\n")).problems).toEqual([]);
    const refused = await post(shared, "/api/start", { yaml: "name: a\nloss: ./own.mjs\n" });
    expect(refused.status).toBe(400);
  });
});

/** Ends what still works on a store, which outlives the test else and writes where it is cleared away. */
async function endRuns(dir: string): Promise<void> {
  const store = await openStore(dir, { readOnly: true });
  const pids = [...(await store.holders()).values()].map(({ pid }) => pid);
  await store.close();
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await until(async () => !pids.some(processExists));
}

describe("runs", () => {
  const yaml = (epochs: number): string => `name: tiny
data: { set: digits, train: 1000, test: 200, validation: 100 }
model: { mlp: { hidden: [8] } }
loss: [ce, mae]
epochs: ${epochs}
batchSize: 10
seeds: 2
`;

  test("are started, paused, continued, stopped and resumed, and outlive the dashboard", async () => {
    const dir = join(folder, "started");
    onTestFinished(() => endRuns(dir));
    const server = await open({ store: dir });
    expect(await get<RunList>(server, "/api/runs")).toEqual({ runs: [], jobs: [] });
    expect((await post(server, "/api/start", { yaml: yaml(2000), workers: 1 })).status).toBe(200);
    const list = () => get<RunList>(server, "/api/runs").then((l) => l.runs[0]);
    const { id } = await until(async () => {
      const run = await list();
      return run?.held && run.epochs.done > 0 && run;
    });
    const state = (wanted: string) => until(async () => ((await list()).state === wanted ? list() : undefined));
    const act = async (what: string): Promise<void> =>
      expect([what, (await post(server, `/api/runs/${id}/${what}`)).status]).toEqual([what, 200]);

    await act("pause");
    await state("paused");
    // What was under way when it paused ends; then nothing goes on.
    const epochs = await until(async () => {
      const before = (await list()).epochs;
      await sleep(1000);
      return before.done === (await list()).epochs.done && before;
    });
    await act("continue");
    await state("running");
    await until(async () => (await list()).epochs.done > epochs.done);

    const busy = await post(server, `/api/runs/${id}/resume`);
    expect([busy.status, busy.text]).toEqual([400, expect.stringContaining("works on this run")]);
    await act("stop");
    await state("interrupted");
    const stopped = await until(async () => {
      const run = await list();
      return !run.held && run; // its process has ended too
    });
    expect(stopped.epochs.done).toBeGreaterThan(0);
    expect((await post(server, `/api/runs/${id}/pause`)).status).toBe(400); // nobody works on it
    await act("resume");
    const goesOn = async () => (await list()).state === "running" && (await list()).held;
    await until(goesOn);
    // While its process still ends it is waited for, and then gone on with.
    await act("stop");
    await act("resume");
    await until(goesOn);
    await until(async () => {
      const now = await list();
      return now.id === id && now.state === "running" && now.epochs.done > stopped.epochs.done;
    });

    await server.close();
    const again = await open({ store: dir });
    const [going] = (await get<RunList>(again, "/api/runs")).runs;
    expect(going).toMatchObject({ id, state: "running", held: true });
    expect((await post(again, `/api/runs/${id}/stop`)).status).toBe(200);
    await until(async () => {
      const [run] = (await get<RunList>(again, "/api/runs")).runs;
      return run.state === "interrupted" && !run.held;
    });
  }, 600_000);

  test("that cannot begin say why", async () => {
    const server = await open({ store: join(folder, "failing") });
    await post(server, "/api/start", { yaml: "name: a\nloss: ce\ndata: ./missing.csv\n" });
    const { output, exitCode } = await until(async () => {
      const [job] = (await get<RunList>(server, "/api/runs")).jobs;
      return job.state === "ended" && job;
    });
    expect([exitCode, output]).toEqual([2, expect.stringContaining("missing.csv")]);
  });

  test("are written up and exported by the same program", async () => {
    const report = await ask(shared, `/api/runs/${run}/report`);
    expect(report.text).toContain("</html>");
    // Of scripts the report's own alone may run, in an origin of its own.
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(report.text)!;
    const hash = createHash("sha256").update(script).digest("base64");
    expect(report.headers["content-security-policy"]).toBe(
      `sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; frame-ancestors 'none'`,
    );
    const csv = await ask(shared, `/api/runs/${run}/export/csv`);
    expect(csv.headers["content-disposition"]).toContain(`${run}.csv`);
    expect(csv.text.split("\n")[0]).toContain("macro_f1");
    const untrained = await ask(shared, `/api/trials/${results.trials[0].trial.id}/export/onnx`);
    expect([untrained.status, untrained.text]).toEqual([400, expect.stringContaining("checkpoint")]);
  }, 60_000);
});

describe("changes", () => {
  test("arrive as events", async () => {
    const dir = join(folder, "changing");
    await write(dir, results);
    const server = await open({ store: dir });
    const events: number[] = [];
    const { port } = new URL(server.url);
    const stream = request({ port, host: "127.0.0.1", path: "/api/events", headers: { host: `localhost:${port}` } });
    stream.on("response", (response) =>
      response.on("data", (chunk) => {
        for (const [, data] of String(chunk).matchAll(/event: change\ndata: (.*)\n/g))
          events.push(JSON.parse(data).revision);
      }),
    );
    stream.on("error", () => {}).end();
    await until(async () => events.length > 0);
    const before = Math.max(...events);
    const store = await openStore(dir);
    await store.updateRun(run, { state: "interrupted" });
    await store.close();
    await until(async () => events.some((revision) => revision > before));
    stream.destroy();
  });
});

describe("it refuses", () => {
  const secret = "a-token-of-the-test";

  test("names that someone else made to mean this machine", async () => {
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:80"])
      expect([host, (await ask(shared, "/api/runs", { headers: { host } })).status].at(-1)).not.toBe(200);
    expect((await ask(shared, "/", { headers: { host: "evil.example" } })).status).toBe(403);
    expect((await ask(shared, "/api/runs", { headers: { host: "127.0.0.1:7008" } })).status).toBe(200);
  });

  test("what pages of other origins ask", async () => {
    const yaml = "name: a\nloss: ce\n";
    const foreign = [{ origin: "http://evil.example" }, { origin: "null" }, { origin: "http://localhost:1" }, { "sec-fetch-site": "cross-site" }]; // biome-ignore format: one line
    for (const headers of foreign) {
      expect((await post(shared, "/api/start", { yaml }, headers)).status).toBe(403);
      expect((await ask(shared, "/api/runs", { headers })).status).toBe(403);
    }
    const form = { method: "POST", headers: { "content-type": "text/plain" }, body: JSON.stringify({ yaml }) };
    expect((await ask(shared, "/api/start", form)).status).toBe(415);
    const { headers } = await ask(shared, "/api/runs");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers["content-security-policy"]).not.toMatch(/'unsafe-|https?:/);
    const own = { origin: `http://localhost:${new URL(shared.url).port}`, "sec-fetch-site": "same-origin" };
    expect((await post(shared, "/api/check", { yaml }, own)).status).toBe(200);
  });

  test("everybody without the token, where others can reach it", async () => {
    const server = await open({ token: secret });
    for (const path of ["/", "/api/runs", "/api/events", `/api/runs/${run}/report`])
      expect([path, (await ask(server, path)).status]).toEqual([path, 401]);
    for (const path of ["/?token=wrong", `/api/runs?token=${secret}x`]) expect((await ask(server, path)).status).toBe(401); // biome-ignore format: one line
    const entered = await ask(server, `/?token=${secret}`);
    expect([entered.status, entered.headers.location]).toEqual([303, "/#/runs"]);
    const [cookie] = entered.headers["set-cookie"]!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ask(server, "/api/runs", { headers: { cookie: cookie.split(";")[0] } })).status).toBe(200);
    expect((await ask(server, "/api/runs", { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200);
    expect((await ask(server, "/api/runs", { headers: { authorization: "Bearer x" } })).status).toBe(401);
  });

  test("paths out of its pages and its store", async () => {
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/api/../../secret.txt",
      "//etc/passwd",
    ]) {
      const { status, text } = await ask(shared, path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain("secret\n");
    }
    for (const id of ["..%2f..%2fsecret.txt", "%00", "--out", "-".repeat(5000)]) {
      expect((await ask(shared, `/api/runs/${id}/report`)).status).toBeGreaterThanOrEqual(400);
      expect((await ask(shared, `/api/trials/${id}/export/onnx`)).status).toBeGreaterThanOrEqual(400);
    }
  });

  test("bodies that are too large or no JSON, and goes on", async () => {
    const large = await post(shared, "/api/check", { yaml: "#".repeat(300_000) });
    expect(large.status).toBe(413);
    const broken = await ask(shared, "/api/check", { method: "POST", headers: json, body: "{" });
    expect(broken.status).toBe(400);
    const polluting = await ask(shared, "/api/check", { method: "POST", headers: json, body: '{"__proto__":{"a":1},"yaml":""}' }); // biome-ignore format: one line
    expect(polluting.status).toBe(400);
    expect((await post(shared, "/api/check", { yaml: 1 })).status).toBe(400);
    expect((await ask(shared, "/api/runs")).status).toBe(200);
  });

  test("to wait for clients that are slow", async () => {
    const { port } = new URL((await open({ requestMs: 1000 })).url);
    const slow = connect(Number(port), "127.0.0.1");
    slow.on("error", () => {});
    slow.write(
      `POST /api/check HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    const began = Date.now();
    await new Promise((resolve) => slow.on("close", resolve).resume());
    expect(Date.now() - began).toBeLessThan(20_000); // nothing was sent after the first byte
  });

  test("to change anything where it is read-only", async () => {
    const server = await open({ readOnly: true });
    for (const path of ["start", `runs/${run}/stop`, `runs/${run}/pause`, `runs/${run}/resume`])
      expect([path, (await post(server, `/api/${path}`, { yaml: "name: a\nloss: ce\n" })).status]).toEqual([path, 403]);
    expect((await post(server, "/api/check", { yaml: "name: a\nloss: ce\n" })).status).toBe(200);
  });
});

describe("the commands", () => {
  const started: ChildProcess[] = [];
  afterAll(() => {
    for (const child of started) child.kill();
  });
  /** The address that a command prints, once it listens. */
  async function serving(...args: string[]): Promise<URL> {
    const { child, url } = await served(folder, args);
    started.push(child);
    return url;
  }
  const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find((i) => !i.internal && i.family === "IPv4"); // biome-ignore format: one line
  const refuses = (host: string, port: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), host);
      socket.on("connect", () => resolve(false)).on("error", () => resolve(true));
    });

  test.each([["dashboard"], ["lab"]])(
    "losslab %s listens on this machine alone",
    async (command) => {
      const { hostname, port, origin } = await serving(command, "--port", "0");
      expect(hostname).toBe("localhost");
      const page = await fetch(origin.replace("localhost", "127.0.0.1"));
      expect([page.status, page.headers.get("cross-origin-embedder-policy")]).toEqual([200, "require-corp"]);
      expect(await page.text()).toContain("<title>losslab</title>");
      if (outside) expect(await refuses(outside.address, port)).toBe(true);
    },
    300_000,
  );

  test("losslab dashboard --host makes a token, and the address that it prints opens", async () => {
    const url = await serving("dashboard", "--host", "0.0.0.0", "--port", "0");
    expect(url.hostname).toBe(outside?.address ?? "localhost");
    expect(url.searchParams.get("token")).toMatch(/^[\w-]{32}$/);
    expect((await fetch(new URL("/api/runs", url))).status).toBe(401);
    const entered = await fetch(url, { redirect: "manual" });
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/#/runs"]);
    const cookie = entered.headers.get("set-cookie")!.split(";")[0];
    expect((await fetch(new URL("/api/runs", url), { headers: { cookie } })).status).toBe(200);
  }, 300_000);
});
