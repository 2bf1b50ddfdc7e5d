/** Claims of a study from its file to terminal and JSON, as users of the command line meet them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const study = (claims: string): string => `name: claiming
data: { set: digits, train: 1500, test: 500, validation: 100, labelNoise: [none, { symmetric: 0.6 }] }
model: { mlp: { hidden: [16] } }
loss: [ce, kl, mae]
optimizer: [{ sgd: { learningRate: 0.2, momentum: 0.9 } }, adam]
epochs: 6
batchSize: 32
seeds: 5
claims:
${claims}`;

const claims = `  - { id: A, claim: CE beats MAE., test: "accuracy(ce, sgd, labelNoise=none) > accuracy(mae, sgd, labelNoise=none)", by: 1 point }
  - { id: B, claim: MAE beats CE., test: "accuracy(mae, sgd, labelNoise=none) > accuracy(ce, sgd, labelNoise=none)" }
  - { id: C, claim: KL is CE., test: accuracy(kl) = accuracy(ce) and loss(kl) = loss(ce) }
  - { id: D, claim: Wrong labels do harm., test: accuracy(labelNoise=none) > accuracy(symmetric(0.6)) }
  - { id: E, claim: The order of the losses., test: "loss(ce, labelNoise=none) > loss(mae, labelNoise=none) > 0" }
  - { id: F, claim: Adam settles at once., test: train.converged(adam) <= 1 epoch }
  - { id: G, claim: Seeds are all alike., test: "accuracy(ce, adam) ≈ accuracy(mae, adam)", by: 0.01 points }
  - { id: H, claim: It is well known., see: the literature }
`;

const expected = {
  A: "supported",
  B: "contradicted",
  C: "supported",
  D: "supported",
  E: "supported",
  F: "contradicted",
  H: null,
};

interface Judged {
  id: string;
  verdict: string | null;
  adjustedP: number | null;
  seeds: number;
  findings: { left: string; difference: number; seeds: number }[];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-claims-"));
  writeFileSync(join(folder, "claiming.yaml"), study(claims));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a study that claims", () => {
  test("says what became of its claims in the terminal and in JSON", () => {
    const { stdout, stderr, status } = losslab("run", "claiming.yaml", "--no-report");
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
    const { claims: judged } = JSON.parse(losslab("results", "claiming", "--json").stdout) as { claims: Judged[] };
    for (const [id, verdict] of Object.entries(expected))
      expect([id, judged.find((c) => c.id === id)!.verdict]).toEqual([id, verdict]);
    for (const { id, verdict } of judged) {
      if (verdict === null) continue;
      expect(stdout).toMatch(new RegExp(`^${id} {2}.* {2}${verdict}$`, "m"));
    }
    const [a] = judged;
    expect(a).toMatchObject({ seeds: 5, findings: [{ left: "accuracy(ce, sgd, labelNoise=none)", seeds: 5 }] });
    expect(a.adjustedP).toBeLessThan(0.05);
  });

  test("judges stored trials by claims that were made later, and trains nothing for them", () => {
    writeFileSync(join(folder, "later.yaml"), study('  - { id: Z, claim: "x", test: accuracy(ce) > accuracy(mae) }\n'));
    const { stdout, stderr } = losslab("run", "later.yaml", "--no-report");
    expect(stderr).toContain("0 trials trained");
    expect(stdout).toMatch(/^Z {2}x {2}supported$/m);
  });

  test.each([
    ['{ id: A, claim: x, test: "acuracy(ce) > 0.5" }', "wrong.yaml:10:30  claims[0].test", 'did you mean "accuracy"?'],
    ['{ id: A, claim: x, test: "accuracy(ce) > 0.5", by: 1 pint }', "claims[0].by", 'did you mean "point"?'],
  ])("has its mistakes told: %s", (wrong, place, hint) => {
    writeFileSync(join(folder, "wrong.yaml"), study(`  - ${wrong}\n`));
    const { stderr, status } = losslab("run", "wrong.yaml");
    expect(status).toBe(2);
    expect(stderr).toContain(place);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
  }); // biome-ignore format: one case a line
});
