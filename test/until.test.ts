/** Seeds added until all is decided, as users of the command line meet it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runStudy } from "../src/library/run-study.ts";
import { openStore } from "../src/store/store.ts";
import { bin, env, losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const study = `name: adding
data: { set: digits, train: 400, test: 200, validation: 0 }
model: { mlp: { hidden: [8] } }
loss: [ce, mae, { focal: { gamma: 2 } }]
optimizer: { sgd: { learningRate: 0.2, momentum: 0.9 } }
epochs: 3
batchSize: 32
seeds: 2
claims:
  - { id: A, claim: CE beats MAE., test: accuracy(ce) > accuracy(mae), by: 1 point }
  - { id: B, claim: Losses of CE lie above those of focal., test: loss(ce) > loss(focal(2)) }
`;

interface Results {
  run: { id: string; state: string };
  sequential: { end: string; taken: { seeds: number; trials: number; seconds: number }[] };
  claims: { id: string; verdict: string; adjustedP: number; seeds: number }[];
  trials: { id: string; seed: number }[];
}

/** The results of a run, without what differs from run to run. */
const resultsOf = (store: string): Results =>
  JSON.parse(losslab("results", "adding", "--json", "--store", store).stdout, (key, value) =>
    ["seconds", "startedAt", "finishedAt"].includes(key) ? undefined : value,
  );

const until = ["--until", "decided", "--max-seeds", "12", "--no-report"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-until-"));
  writeFileSync(join(folder, "adding.yaml"), study);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("run --until decided", () => {
  test("adds seeds look by look, ends early, and says at each look what it found and spent", () => {
    const { stdout, stderr, status } = losslab("run", "adding.yaml", "--store", "whole", ...until); // biome-ignore format: one line
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
    expect(stdout).toMatch(/looks at 2, 4, 6, … 12 seeds/);
    expect(stdout).toMatch(/look 1 of 6 {2}2 seeds: 0 of 2 decided; open: A.*, B.* · 6 trials, .* of training, .* of the level's 5 % spent/); // biome-ignore format: one line
    expect(stdout).toMatch(/All is decided after (4|6|8|10) of at most 12 seeds: \d+ trials/);
    const { run, sequential, claims, trials } = resultsOf("whole");
    expect(run.state).toBe("finished");
    expect(sequential.end).toBe("decided");
    expect(claims.map(({ verdict }) => verdict)).toEqual(["supported", "supported"]);
    const last = sequential.taken.at(-1)!;
    expect(trials).toHaveLength(last.trials);
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(last.seeds);
  });

  test("asked again, trains nothing and says the same", () => {
    const before = resultsOf("whole");
    const again = losslab("run", "adding.yaml", "--store", "whole", ...until);
    expect(again.stderr).not.toMatch(/[1-9]\d* trials trained/);
    const after = resultsOf("whole");
    expect(after.run.id).not.toBe(before.run.id);
    expect({ ...after, run: null }).toEqual({ ...before, run: null });
  });

  test("has the trials of a study with fixed seeds: what the store has is not trained again", () => {
    const { sequential, trials } = resultsOf("whole");
    const seeds = sequential.taken.at(-1)!.seeds;
    const fixed = losslab("run", "adding.yaml", "--store", "whole", "--no-report", "--set", `seeds=${seeds}`, "--set", "name=fixed"); // biome-ignore format: one line
    expect(fixed.stderr).toContain(`${trials.length} of them already in the store`);
    expect(fixed.stderr).toContain("0 trials trained");
  });

  test("killed at any moment and asked again, ends with the same verdicts and numbers, in one run", async () => {
    for (const delay of [1500, 2500]) {
      const child = spawn(process.execPath, [bin, "run", "adding.yaml", "--store", "killed", ...until], { cwd: folder, env }); // biome-ignore format: one line
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await sleep(delay);
      child.kill("SIGKILL");
      await ended;
    }
    const last = losslab("run", "adding.yaml", "--store", "killed", ...until);
    expect(last.status).toBe(0);
    const [killed, whole] = ["killed", "whole"].map(resultsOf);
    const store = await openStore(join(folder, "killed"), { readOnly: true });
    expect(await store.runs()).toHaveLength(1);
    await store.close();
    expect({ ...killed, run: null }).toEqual({ ...whole, run: null });
  });

  test("is a field of study files too, and prints events for programs", () => {
    writeFileSync(join(folder, "field.yaml"), `${study}until: { decided: { maxSeeds: 12, spending: pocock } }\n`);
    const { stdout, status } = losslab("run", "field.yaml", "--store", "field", "--json", "--no-report");
    expect(status).toBe(0);
    const events = stdout.trim().split("\n").map((l) => JSON.parse(l) as { event: string; seeds?: number; end?: string }); // biome-ignore format: one line
    const looks = events.filter(({ event }) => event === "look");
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.at(-1)).toMatchObject({ end: "decided", seeds: 2 * looks.length });
    expect(events.filter(({ event }) => event === "finished")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ event: "results", sequential: { spending: "pocock", end: "decided" } });
    expect(losslab("plan", "field.yaml").stdout).toContain("looks at 2, 4, 6, … 12 seeds");
  });

  test("is for programs what it is for people", async () => {
    const { run, trials } = await runStudy(
      {
        name: "program",
        data: { set: "digits", train: 300, test: 100, validation: 0 },
        model: { mlp: { hidden: [4] } },
        loss: ["ce", "kl"],
        epochs: 1,
        seeds: 2,
        until: { decided: { maxSeeds: 8 } },
      },
      { store: join(folder, "program") },
    );
    // The two losses are the same in every seed: decided at the first look.
    expect([run.state, trials.length]).toEqual(["finished", 4]);
  });

  test("tells mistakes", () => {
    const mistake = (...args: string[]) => {
      const { status, stderr } = losslab("run", "adding.yaml", ...args);
      expect(status).toBe(2);
      return stderr;
    };
    expect(mistake("--until", "settled")).toContain("decided");
    expect(mistake("--max-seeds", "9")).toContain("--until decided");
    expect(mistake("--until", "decided", "--max-seeds", "1")).toContain("whole number >= 2");
    expect(mistake("--until", "decided", "--max-seeds", "2")).toContain("begins with 2");
  });
});
