import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { readGolden } from "../src/golden/files.ts";
import { replay } from "../src/golden/replay.ts";
import { exitCode, report } from "../src/golden/report.ts";
import { nodeBackend } from "../src/run/node-backend.ts";

const fixtures = join(import.meta.dirname, "fixtures/golden");
const directory = mkdtempSync(join(tmpdir(), "golden-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The command on a directory: its exit code and what it prints. */
async function check(...args: string[]): Promise<{ code: number; out: string }> {
  const command = join(import.meta.dirname, "../src/golden.ts");
  return promisify(execFile)(process.execPath, ["--import", "tsx", command, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout + stderr }),
  );
}

interface Content {
  cases: { name: string; y: number[]; dy: number[] | string }[];
}

/** A golden file, changed, alone in a directory of its own. */
function changed(name: string, as: string, change: (content: Content) => void): string {
  const own = mkdtempSync(join(directory, "copy-"));
  const content = JSON.parse(readFileSync(join(fixtures, name), "utf8"));
  change(content);
  writeFileSync(join(own, as), JSON.stringify(content));
  return own;
}

describe("golden files", () => {
  it.each(readGolden(fixtures).filter(({ kind }) => kind !== null))(
    "$name agrees",
    { timeout: 60_000 },
    async (file) => {
      const outcomes = [];
      for await (const outcome of replay(file, nodeBackend())) outcomes.push(outcome);
      const files = [{ file: file.name, outcomes, seconds: 0 }];
      expect(outcomes.some(({ status }) => status === "agrees")).toBe(true);
      expect(exitCode(files, false), report(files)).toBe(0);
    },
  );
});

describe("check:golden", { timeout: 60_000 }, () => {
  it("fails on one wrong number, and says where", async () => {
    const own = changed("activations.json", "activations.json", ({ cases }) => {
      cases.find(({ name }) => name === "tanh")!.y[3] += 1e-4;
    });
    const { code, out } = await check(own);
    expect(code).toBe(1);
    expect(out).toMatch(/activations\.json +float64 +18 +1 +0/);
    expect(out).toMatch(/tanh \(float32\)\n +y\[3\]: got -1, expected -0.9999/);
  });

  it("counts what is missing as a failure only when strict, under whatever file name", async () => {
    const own = changed("activations.json", "others.json", (content) => {
      content.cases = content.cases.slice(0, 1);
      content.cases.push({ ...content.cases[0], name: "unheardOf" });
    });
    const [lenient, strict] = await Promise.all([check(own), check(own, "--strict")]);
    expect(lenient.out).toMatch(/others\.json +float64 +1 +0 +1/);
    expect(lenient.out).toContain("not there yet\n  unheardOf");
    expect([lenient.code, strict.code]).toEqual([0, 1]);
  });

  it("refuses what it cannot read", async () => {
    const broken = changed("activations.json", "activations.json", ({ cases }) => {
      cases[2].dy = "none";
    });
    const all = await Promise.all([
      check(),
      check(join(directory, "nowhere")),
      check(import.meta.dirname),
      check(broken),
    ]);
    expect(all.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(all.map(({ out }) => out.trim())).toEqual([
      expect.stringContaining("expected one directory"),
      expect.stringContaining("is not a directory"),
      expect.stringContaining("holds no golden files"),
      expect.stringContaining("activations.json: not a file of activations: cases.2.dy: expected numbers"),
    ]);
  });
});
