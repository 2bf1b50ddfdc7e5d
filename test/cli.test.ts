/** The command line as its users meet it: real processes, real files. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bin, env, losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const tiny = `name: tiny
data: { set: digits, train: 1000, test: 200, validation: 200 }
model: { mlp: { hidden: [8] } }
loss: [ce, mae, { focal: { gamma: [0.5, 2] } }, { hinge: { delta: 5 } }]
optimizer: [{ sgd: { learningRate: 0.1, momentum: 0.9 } }, adam]
epochs: 6
batchSize: 32
seeds: 2
`;

interface TrialJson {
  id: string;
  loss: Record<string, unknown> & { label: string };
  seed: number;
  status: string;
  reason: string | null;
  final: { epoch: number; test: { loss: number; accuracy: number; precision: number; recall: number; f1: number } };
  best: { epoch: number } | null;
  history?: { epoch: number; seconds: number }[];
}

/** The results of a run without its times. */
function numbers(store: string, run = "tiny"): TrialJson[] {
  const { stdout } = losslab("results", run, "--json", "--history", "--store", store);
  return JSON.parse(stdout, (key, value) => (key === "seconds" ? undefined : value)).trials;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-cli-"));
  writeFileSync(join(folder, "tiny.yaml"), tiny);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("run", () => {
  test("ends with a ranking, an answer and a report, and trains nothing twice", () => {
    const first = losslab("run", "tiny.yaml", "--store", "a");
    expect(first.stderr).toContain("20 trials");
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/1 {2}.*CE|focal|hinge/);
    expect(first.stdout).toContain("report.html");
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("</html>");
    const again = losslab("run", "tiny.yaml", "--store", "a", "--no-report");
    expect(again.stderr).toContain("20 of them already in the store");
    expect(again.stderr).toContain("0 trials trained");
  });

  test("gives the same numbers with one worker, in another store", () => {
    expect(losslab("run", "tiny.yaml", "--store", "one", "--workers", "1", "--no-report").status).toBe(0);
    expect(numbers("one")).toEqual(numbers("a"));
  });

  test("goes on after being killed, and ends with the same numbers", async () => {
    for (const delay of [900, 1300, 1100]) {
      const child = spawn(process.execPath, [bin, "run", "tiny.yaml", "--store", "killed", "--set", "epochs=60"], {
        cwd: folder,
        env,
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await sleep(delay);
      child.kill("SIGKILL");
      await ended;
    }
    const last = losslab("run", "tiny.yaml", "--store", "killed", "--set", "epochs=60", "--no-report");
    expect(last.status).toBe(0);
    expect(losslab("run", "tiny.yaml", "--store", "whole", "--set", "epochs=60", "--no-report").status).toBe(0);
    expect(numbers("killed")).toEqual(numbers("whole"));
    expect(readdirSync(join(folder, "killed", "checkpoints")).filter((f) => f.includes("tmp"))).toEqual([]);
  });

  test("stops cleanly at Ctrl-C and says how to go on", async () => {
    const child = spawn(process.execPath, [bin, "run", "tiny.yaml", "--store", "stopped", "--set", "epochs=4000"], {
      cwd: folder,
      env,
    });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => child.stderr.once("data", resolve)); // the first line: the run has begun
    await sleep(500);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(output).toContain("the same command goes on from here");
  });

  test("prints events for programs", () => {
    const { stdout, status } = losslab("run", "tiny.yaml", "--store", "json", "--json", "--no-report");
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string });
    expect(events[0]).toMatchObject({ event: "started", trials: 20 });
    expect(events.filter((e) => e.event === "epoch")).toHaveLength(20 * 6);
    expect(events.filter((e) => e.event === "trial")).toHaveLength(20);
    expect(events.at(-1)).toMatchObject({ event: "results" });
  });

  test("a diverging trial is a result with a step and a reason", () => {
    const set = [
      "--set",
      "loss=[ce, {hinge: {delta: 5, squared: true}}]",
      "--set",
      "optimizer=[{sgd: {learningRate: [0.1, 100000]}}]",
      "--set",
      "name=wild",
    ];
    expect(losslab("run", "tiny.yaml", "--store", "wild", "--no-report", ...set).status).toBe(0);
    const diverged = numbers("wild", "wild").filter((t) => t.status === "diverged");
    expect(diverged.length).toBeGreaterThan(0);
    expect(diverged[0].reason).toMatch(/at step \d+ \(epoch \d+\)|after epoch \d+/);
  });
});

describe("results", () => {
  test("holds what programs are promised", () => {
    const trials = numbers("a");
    expect(trials).toHaveLength(20);
    expect(new Set(trials.map((t) => t.id)).size).toBe(20);
    for (const trial of trials) {
      const [name] = Object.keys(trial.loss);
      expect(["ce", "mae", "focal", "hinge"]).toContain(name);
      expect(trial.loss.label).toBeTruthy();
      expect(trial.status).toBe("done");
      expect(trial.final.epoch).toBe(6);
      expect(trial.history).toHaveLength(6);
      expect(trial.best!.epoch).toBeGreaterThanOrEqual(1);
      const { accuracy, recall, precision, f1 } = trial.final.test;
      expect(recall).toBeCloseTo(accuracy, 12); // class-weighted recall is accuracy
      for (const share of [accuracy, precision, f1]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }
  });

  test("has no best-validation results without a validation split", () => {
    expect(
      losslab(
        "run",
        "tiny.yaml",
        "--store",
        "none",
        "--no-report",
        "--set",
        "data.validation=0",
        "--set",
        "seeds=1",
        "--set",
        "loss=ce",
      ).status,
    ).toBe(0);
    for (const trial of numbers("none")) expect(trial.best).toBeNull();
  });
});

describe("mistakes", () => {
  const mistake = (...args: string[]) => {
    const { status, stderr } = losslab(...args);
    expect(status).toBe(2);
    expect(stderr).not.toMatch(/\n\s+at /); // no stack trace
    return stderr;
  };

  test("in a study are all reported with their line, their path and the nearest name", () => {
    writeFileSync(
      join(folder, "wrong.yaml"),
      "name: wrong\nloss:\n  - crossentropy\n  - { focal: { gama: 1 } }\n  - { hinge: { delta: -1 } }\nepoch: 5\nseeds: none\n",
    );
    const text = mistake("run", "wrong.yaml");
    expect(text).toContain("wrong.yaml:4:16  loss[1].focal.gama");
    expect(text).toContain('did you mean "gamma"?');
    expect(text).toContain("wrong.yaml:5:23  loss[2].hinge.delta");
    expect(text).toContain("must be > 0, got -1");
    expect(text).toContain('there is no field "epoch"');
    expect(text).toContain("wrong.yaml:7:8  seeds");
    expect(text).toContain('there is no loss "crossentropy"');
  });

  test("in names, settings and flags are told", () => {
    expect(mistake("run", "quikstart")).toContain('did you mean "quickstart"?');
    expect(mistake("run", "tiny.yaml", "--set", "epochs=0")).toMatch(/must be >= 1, got 0\n +--set epochs=0 {2}epochs/);
    expect(mistake("run", "tiny.yaml", "--set", "clip.norm=1", "--set", "loss[0]={ focal: { gama: 1 } }")).toContain(
      "--set loss[0]={ focal: { gama: 1 } }  loss[0].focal.gama",
    );
    expect(mistake("run", "tiny.yaml", "--set", "nonsense")).toContain("expected path=value");
    expect(mistake("run", "tiny.yaml", "--set", "__proto__.x=1")).toContain("is no path of a study");
    expect(mistake("run", "tiny.yaml", "--wrkers", "1")).toContain("--workers");
    expect(mistake("results", "--store", "nowhere")).toContain("there is no store");
    expect(mistake("results", "other", "--store", "a")).toContain("other");
    expect(mistake("list", "loses")).toContain('did you mean "losses"?');
    expect(mistake("curve", "focl")).toContain('did you mean "focal"?');
    expect(mistake("curve", "focal.gama=1")).toContain("loss[0].focal.gama");
    expect(mistake("curve", "{ ce: { weights: [1, 2] } }", "--classes", "3")).toContain("2 numbers for 3 classes");
    expect(mistake("curve", "ce", "--classes", "1")).toContain('must be a whole number >= 2, got "1"');
  });

  test("real data that are not there name the files and the embedded set", () => {
    const XDG_CACHE_HOME = join(folder, "cache");
    const { status, stderr } = losslabIn(folder, ["data", "info", "mnist", "--data", "nowhere"], { XDG_CACHE_HOME });
    expect(status === 0 || status === 2).toBe(true);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("own losses", () => {
  beforeAll(() => {
    const library = new URL("../dist/index.js", import.meta.url).pathname;
    writeFileSync(
      join(folder, "own.mjs"),
      `import { defineLoss, ops } from ${JSON.stringify(library)};
export default defineLoss({
  name: "powered",
  params: { power: { default: 2, min: 1 } },
  perExample: (logits, targets, { power }) => ops.sum(ops.pow(ops.abs(ops.sub(ops.softmax(logits), targets)), power), [-1]),
});
`,
    );
    writeFileSync(
      join(folder, "own.yaml"),
      tiny.replace("name: tiny", "name: own").replace(/loss: .*/, "loss: [ce, { ./own.mjs: { power: [2, 3] } }]"),
    );
  });

  test("are refused until code is allowed, then train", () => {
    const refused = losslab("run", "own.yaml", "--store", "own");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("--allow-code");
    const allowed = losslab("run", "own.yaml", "--store", "own", "--allow-code", "--no-report");
    expect(allowed.stderr).not.toContain("error");
    expect(allowed.status).toBe(0);
    const own = numbers("own", "own").filter((t) => "powered" in t.loss);
    expect(own).toHaveLength(8);
    for (const trial of own) expect(trial.status).toBe("done");
  });

  test("may be named in a setting, by a path from where it is typed", () => {
    const setting = ["--set", "loss=[ce, { ./own.mjs: { power: 3 } }]"];
    expect(losslab("plan", "quickstart", ...setting).stderr).toContain("--allow-code");
    expect(losslab("plan", "quickstart", ...setting, "--allow-code").stdout).toContain("powered power 3");
  });

  test("stand within other losses, beside formulas", () => {
    const mixed =
      "loss: [{ sum: [ce, ./own.mjs] }, { temperature: { t: 2, loss: ./own.mjs } }, { formula: -log(p) / C }]";
    writeFileSync(join(folder, "mixed.yaml"), tiny.replace("name: tiny", "name: mixed").replace(/loss: .*/, mixed));
    expect(losslab("run", "mixed.yaml", "--store", "mixed").stderr).toContain("--allow-code");
    const { stdout, status } = losslab("run", "mixed.yaml", "--store", "mixed", "--allow-code", "--no-report");
    expect(status).toBe(0);
    for (const label of ["CE + powered power 2", "powered power 2 at T=2", "-log(p) / C"])
      expect(stdout).toContain(label);
  });
});

describe("small commands", () => {
  test("plan shows trials and cohorts and trains nothing", () => {
    const { status, stdout } = losslab("plan", "tiny.yaml");
    expect(status).toBe(0);
    expect(stdout).toContain("20 trials");
    expect(stdout).toMatch(/\d+ cohorts/);
    const plan = JSON.parse(losslab("plan", "tiny.yaml", "--json").stdout);
    expect(plan.trials).toHaveLength(20);
    expect(plan.cohorts.flatMap((c: { trials: string[] }) => c.trials).sort()).toEqual(
      plan.trials.map((t: { id: string }) => t.id).sort(),
    );
  });

  test("init writes a study that runs and a schema that fits it", () => {
    expect(losslab("init", "begin.yaml").status).toBe(0);
    expect(losslab("init", "begin.yaml").status).toBe(2);
    expect(
      losslab(
        "run",
        "begin.yaml",
        "--store",
        "begin",
        "--no-report",
        "--set",
        "data.train=500",
        "--set",
        "data.validation=100",
        "--set",
        "epochs=1",
        "--set",
        "seeds=1",
      ).status,
    ).toBe(0);
    const schema = JSON.parse(readFileSync(join(folder, "study.schema.json"), "utf8"));
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["name", "data", "model", "loss", "optimizer", "seeds"]),
    );
  });

  test.each([
    "losses",
    "activations",
    "optimizers",
    "schedules",
    "models",
    "layers",
    "initializers",
    "corruptions",
    "datasets",
    "studies",
  ])("list %s", (what) => {
    const { status, stdout } = losslab("list", what);
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(50);
    expect(JSON.parse(losslab("list", what, "--json").stdout).length).toBeGreaterThan(0);
  });

  test("one of a list is shown in full", () => {
    const { stdout } = losslab("list", "losses", "focal");
    for (const part of ["(1-p_y)^\\gamma", "arXiv:1708.02002", "gamma*: 2", "how strongly"])
      expect(stdout).toContain(part);
    expect(losslab("list", "losses", "formula").stdout).toContain("{ formula: { expression:");
    expect(losslab("list", "losses", "vocal")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean "focal"?'),
    });
  });

  test("curve prints a loss and its gradient, and draws them", () => {
    const { status, stdout } = losslab("curve", "ce", "focal=2", "--out", "curves/two.svg");
    expect(status).toBe(0);
    expect(stdout).toMatch(/0\.50 +0\.00 +0\.6931 +0\.1733/);
    expect(stdout).toMatch(/0\.50 +0\.00 +−0\.5000 +−0\.2983/);
    expect(readFileSync(join(folder, "curves/two.svg"), "utf8")).toMatch(/^<svg .*<\/svg>$/s);
    expect(losslab("curve", "ce", "--out", "curves/ce.png").status).toBe(0);
    expect([...readFileSync(join(folder, "curves/ce.png")).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    const json = JSON.parse(losslab("curve", "focal.gamma=[0,2]", "--classes", "10", "--json").stdout);
    expect(json.losses.map((l: { label: string }) => l.label)).toEqual(["focal γ=0", "focal γ=2"]);
    expect(losslab("curve", "mae", "--format", "html").status).toBe(0);
    expect(readFileSync(join(folder, "curve.html"), "utf8")).toContain("</html>");
  });

  test("stability shows where exp and log break down, and that training does not", () => {
    const { status, stdout } = losslab("stability", "ce", "hinge", "--out", "stable.svg");
    expect(status).toBe(0);
    expect(stdout).toMatch(/exp and log written out.*(NaN|∞)/);
    expect(stdout).toContain("1 of 2 losses give NaN or ∞ at large logits; as computed in training none does");
    expect(readFileSync(join(folder, "stable.svg"), "utf8")).toMatch(/^<svg .*<\/svg>$/s);
    const json = JSON.parse(losslab("stability", "ce", "--classes", "3", "--json").stdout);
    expect(json.losses[0].points[0]).toMatchObject({ logit: -1e4, exact: { value: 10000 + Math.log(2) } });
  });

  test("landscape shows the loss around trained weights", () => {
    const picked = numbers("a").filter(({ seed, status }) => seed === 0 && status === "done");
    const [{ id, final }] = picked;
    const whole = ["--store", "a", "--split", "test", "--examples", "all", "--points", "5"];
    const { status, stdout } = losslab(
      "landscape",
      id,
      picked[1].id.slice(0, 12),
      ...whole,
      "--json",
      "--out",
      "slice.csv",
    );
    expect(status).toBe(0);
    const { coordinates, examples, trials } = JSON.parse(stdout);
    expect({ coordinates, examples }).toEqual({ coordinates: [-1, -0.5, 0, 0.5, 1], examples: 200 });
    expect(trials.map((t: { trial: string }) => t.trial)).toEqual([id, picked[1].id]);
    expect(trials[0].accuracy[2]).toBe(final.test.accuracy);
    expect(Math.abs(trials[0].loss[2] / final.test.loss - 1)).toBeLessThan(1e-5);
    expect(readFileSync(join(folder, "slice.csv"), "utf8").trim().split("\n").length).toBe(11);
    const plane = losslab("landscape", id, "--store", "a", "--dimensions", "2", "--points", "5", "--out", "plane.svg");
    expect(plane.stdout).toContain("At a distance of 0.5 accuracy goes from");
    expect(readFileSync(join(folder, "plane.svg"), "utf8")).toMatch(/^<svg .*<\/svg>$/s);
    expect(losslab("landscape", "tiny", "--store", "a", "--points", "4").stderr).toContain("must be odd");
    expect(losslab("landscape", id, "--store", "a", "--split", "validation", "--out", "x.bmp").stderr).toContain(
      ".svg, .png, .html or .csv",
    );
    expect(losslab("landscape", "nobody", "--store", "a")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no trial, run or study"),
    });
  });

  test("doctor says that the engine works", () => {
    const { status, stdout } = losslab("doctor");
    expect(status).toBe(0);
    expect(stdout).toMatch(/engine +works/);
  });

  test("every command has a help with what it takes", () => {
    for (const command of [
      "run",
      "plan",
      "results",
      "report",
      "list",
      "curve",
      "stability",
      "landscape",
      "data",
      "init",
      "doctor",
    ]) {
      const { status, stdout } = losslab(command, "--help");
      expect(status).toBe(0);
      expect(stdout).toContain("Usage: losslab");
    }
  });
});
