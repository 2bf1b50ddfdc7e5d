/** `losslab recommend`, from data to a recommendation with its files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { random } from "../src/util/random.ts";
import { losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

/** Each trains dozens of networks, and the machine may have other things to do. */
vi.setConfig({ testTimeout: 300_000 });

/** As little as is a comparison. */
const SMALL = [
  "data.train=500",
  "data.test=500",
  "model={ mlp: { hidden: [16] } }",
  "epochs=12",
  "seeds=3",
  "tune.trials=9",
  "tune.seeds=1",
  "measure.probabilities=none",
].flatMap((setting) => ["--set", setting]);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-recommend-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("on digits of which 40 % are labelled wrong", () => {
  const command = [
    "recommend",
    "digits",
    "--set",
    "data.labelNoise={ symmetric: { rate: 0.4, validation: true } }",
    ...SMALL,
    "--budget",
    "1h",
    "--out",
    "noisy",
  ];
  let first: ReturnType<typeof losslab>;
  const file = (name: string) => readFileSync(join(folder, "noisy", name));
  const recommendation = () => JSON.parse(file("recommendation.json").toString());

  test("sees the noise, tries losses for it, and leaves study, report and model", () => {
    first = losslab(...command);
    expect(first.stderr).not.toContain("error");
    expect(first.status).toBe(0);
    const { findings, study, verdict } = recommendation();
    expect(findings.noise.share).toBeGreaterThan(0.25);
    expect(findings.imbalance).toBeLessThan(2);
    expect(study.loss.map((l: unknown) => JSON.stringify(l))).toContain('{"generalizedCe":0.7}');
    expect(verdict.measure).toBe("accuracy");
    expect(verdict.standings.length).toBe(study.loss.length);
    const { label, mean } = verdict.recommended;
    expect(file("recommendation.md").toString()).toContain(label);
    expect(file("recommendation.md").toString()).toContain((100 * mean).toFixed(2));
    expect(first.stdout).toContain(label);
    expect(file("report.html").toString()).toContain("<h2>Tuning</h2>");
    expect(file("model.onnx").length).toBeGreaterThan(10_000);
  });

  test("says the same again, and trains nothing", () => {
    const before = recommendation();
    const again = losslab(...command, "--json");
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual(before);
    const trains = /\d+ trials trained in /;
    expect(first.stderr).toMatch(trains);
    expect(again.stderr).not.toMatch(trains);
  });

  test("its study runs on its own", () => {
    const planned = losslab("plan", join("noisy", "study.yaml"), "--json");
    expect(planned.status).toBe(0);
    const { run } = recommendation();
    const { stages } = JSON.parse(planned.stdout);
    expect(stages.at(-1).purpose).toBe("comparison");
    expect(existsSync(join(folder, "noisy", "store", "losslab.sqlite"))).toBe(true);
    expect(run).toMatch(/^\d{8}-/);
  });
});

test("on a table of one's own, with a class that is rare, balanced accuracy decides", () => {
  const draw = random(1, "table");
  const rows = Array.from({ length: 420 }, (_, i) => {
    const kind = i % 21 === 0 ? "rare" : i % 2 ? "a" : "b";
    const [x, y] = { rare: [2, 2], a: [0, 1], b: [1, 0] }[kind]!;
    return [x + 0.5 * draw.normal(2 * i), y + 0.5 * draw.normal(2 * i + 1), kind].join(",");
  });
  writeFileSync(join(folder, "own table.csv"), ["x,y,label", ...rows].join("\n"));
  const small = ["epochs=6", "seeds=2", "tune.trials=3", "tune.seeds=1", "model={ mlp: { hidden: [4] } }"];
  const args = small.flatMap((s) => ["--set", s]);
  const { status, stderr, stdout } = losslab("recommend", "./own table.csv", "--budget", "1h", "--json", ...args);
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
  const { findings, verdict, study } = JSON.parse(stdout);
  expect(findings.classes).toEqual(["a", "b", "rare"]);
  expect(findings.imbalance).toBeGreaterThan(5);
  expect(verdict.measure).toBe("balancedAccuracy");
  expect(study.loss).toContain("logitAdjusted");
  expect(existsSync(join(folder, "recommend-own-table", "study.yaml"))).toBe(true);
});

test.each([
  [["recommend", "digits", "--budget", "10"], "must be a time such as 90s, 10m or 1.5h"],
  [["recommend", "digts"], 'there is no data set "digts"'],
  [["recommend", "digits", "--set", "data.validation=0"], "needs a validation split"],
  [["recommend", "digits", "--set", "data.labelNoise=[none, { symmetric: 0.1 }]"], "one data set"],
])("%j is refused", (args, message) => {
  const { status, stderr } = losslab(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
