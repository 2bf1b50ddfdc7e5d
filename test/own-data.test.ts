/** Data of one's own, as a user meets them: files, a study beside them, one command. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decode, encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../src/util/random.ts";
import { losslabIn } from "./program.ts";

let folder: string;

const losslab = (cwd: string, ...args: string[]) => losslabIn(cwd, args);
const write = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
};

/** Stripes across or along, with grain: what a network learns at once. */
function stripes(along: boolean, i: number): Uint8Array {
  const grain = random(i, along ? "along" : "across");
  const data = Uint8Array.from({ length: 64 }, (_, p) => {
    const line = along ? p % 8 : Math.floor(p / 8);
    return (line % 2 === 0 ? 40 : 170) + (grain.uint32(p) % 60);
  });
  return encode({ width: 8, height: 8, channels: 1, depth: 8, data });
}

const study = (name: string, data: string): string => `name: ${name}
data: ${data}
model: { mlp: { hidden: [8] } }
loss: [ce, mae]
optimizer: { adam: { learningRate: 0.01 } }
epochs: 30
batchSize: 10
seeds: 2
`;

interface TrialJson {
  data: Record<string, unknown>;
  status: string;
  final: { test: { accuracy: number } };
}
const trials = (cwd: string, run: string): TrialJson[] =>
  JSON.parse(losslab(cwd, "results", run, "--json").stdout).trials;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-own-"));
  for (let i = 0; i < 60; i++) {
    write(`stripes/along/${i}.png`, stripes(true, i));
    write(`stripes/across/${i}.png`, stripes(false, i));
  }
  const grain = random(0, "points");
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [x, y] = [grain.normal(2 * i) + (i % 3) * 4, 1000 + 100 * grain.normal(2 * i + 1)];
    return `${i},${x},${y},${["low", "middle", "high"][i % 3]}`;
  });
  write("points.csv", `id,x,y,kind\n${rows.join("\n")}\n`);
  write("studies/stripes.yaml", study("stripes", "../stripes"));
  write("studies/points.yaml", study("points", "{ set: ../points.csv, label: kind, ignore: id, test: 0.25 }"));
  write(
    "studies/conditions.yaml",
    study(
      "conditions",
      "{ set: ../points.csv, label: kind, ignore: id, labelNoise: [none, { symmetric: 0.3 }], imbalance: { longTail: 4 } }",
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a study of own data", () => {
  test("trains on a folder of pictures, named from the study's file", () => {
    const { status, stderr, stdout } = losslab(folder, "run", "studies/stripes.yaml");
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
    expect(stdout).toContain("report.html");
    for (const { data, status, final } of trials(folder, "stripes")) {
      expect(status).toBe("done");
      expect(data).toMatchObject({ set: "./stripes", scale: "unit", version: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(final.test.accuracy).toBeGreaterThan(0.9);
    }
    const report = readFileSync(join(folder, "report.html"), "utf8");
    for (const name of ["along", "across"]) expect(report).toContain(name);
  });

  test("trains on a table, standardized", () => {
    expect(losslab(folder, "run", "studies/points.yaml", "--no-report").status).toBe(0);
    const all = trials(folder, "points");
    expect(all).toHaveLength(4);
    for (const { data } of all) expect(data).toMatchObject({ set: "./points.csv", scale: "standardize" });
    expect(Math.max(...all.map((t) => t.final.test.accuracy))).toBeGreaterThan(0.9);
  });

  test("is the same study from another folder, and with settings that count from where they were typed", () => {
    const plan = (cwd: string, ...args: string[]): string[] =>
      JSON.parse(losslab(cwd, "plan", ...args, "--json").stdout).trials.map((t: { id: string }) => t.id);
    const ids = plan(folder, "studies/stripes.yaml");
    expect(plan(join(folder, "studies"), "stripes.yaml")).toEqual(ids);
    expect(plan(folder, "studies/points.yaml", "--set", "data=./stripes")).toEqual(ids);
    expect(plan(join(folder, "stripes"), "quickstart", "--set", "data=../stripes")).not.toEqual([]);
  });

  test("under conditions gives the same numbers with one worker and with two", () => {
    for (const workers of ["1", "2"]) {
      expect(
        losslab(
          folder,
          "run",
          "studies/conditions.yaml",
          "--store",
          `by${workers}`,
          "--workers",
          workers,
          "--no-report",
        ).status,
      ).toBe(0);
    }
    const numbers = (store: string): unknown =>
      JSON.parse(losslab(folder, "results", "--store", store, "--json", "--history").stdout, (key, value) =>
        key === "seconds" ? undefined : value,
      ).trials;
    expect(numbers("by1")).toEqual(numbers("by2"));
    expect(losslab(folder, "plan", "studies/conditions.yaml").stdout).toContain(
      "points.csv, symmetric noise 0.3, long tail 4",
    );
  });

  test("says all that is wrong, with files and places", () => {
    write("bad/a/1.png", stripes(true, 1));
    write("bad/a/2.png", "no picture");
    write("bad/b/1.png", encode({ width: 4, height: 4, channels: 1, depth: 8, data: new Uint8Array(16) }));
    const { status, stderr } = losslab(folder, "run", "studies/stripes.yaml", "--set", "data=[./bad, ./nowhere]");
    expect(status).toBe(2);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).toContain("bad/a/2.png");
    expect(stderr).toContain("pictures of 2 sizes");
    expect(stderr).toContain("there is no such file or folder");
    const scarce = losslab(folder, "plan", "studies/conditions.yaml", "--set", "data.imbalance.longTail=1000");
    expect(scarce.status).toBe(2);
    expect(scarce.stderr).toMatch(/--set data\.imbalance\.longTail=1000 {2}data\.imbalance\.longTail/);
  });
});

describe("data inspect", () => {
  test("shows what data are, and the line for a study", () => {
    const { status, stdout } = losslab(folder, "data", "inspect", "points.csv", "--label", "kind", "--ignore", "id");
    expect(status).toBe(0);
    expect(stdout).toContain("2 float32, features");
    expect(stdout).toMatch(/0 {2}high +40 +0/);
    expect(stdout).toContain("data: { set: points.csv, label: kind, ignore: [id] }");
    const facts = JSON.parse(losslab(folder, "data", "inspect", "stripes", "--json").stdout);
    expect(facts).toMatchObject({ shape: [1, 8, 8], values: "bytes", train: 120, test: 0, scale: "unit" });
    expect(facts.classes).toEqual([
      { name: "across", train: 60, test: 0 },
      { name: "along", train: 60, test: 0 },
    ]);
  });

  test("draws examples of each class", () => {
    expect(losslab(folder, "data", "inspect", "./stripes", "--resize", "16x8", "--sheet", "sheet.png").status).toBe(0);
    const { width, height, channels } = decode(readFileSync(join(folder, "sheet.png")));
    expect([width, height, channels]).toEqual([20 * (8 * 4 + 2) + 2, 2 * (16 * 4 + 2) + 2, 1]);
  });

  test("tells mistakes", () => {
    for (const args of [
      ["nowhere/at/all"],
      ["points.csv"],
      ["stripes", "--resize", "big"],
      ["points.csv", "--label", "kind", "--sheet", "x.png"],
      ["minst"],
    ]) {
      const { status, stderr } = losslab(folder, "data", "inspect", ...args);
      expect(status).toBe(2);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
});
