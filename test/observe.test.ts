/** What studies ask of their trials: it changes no training, and it can be asked afterwards. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const study = `name: asked
data: { set: digits, train: 400, test: 150, validation: 100 }
model: { mlp: { hidden: [8] } }
loss: [ce, mae, { hinge: { delta: 5 } }]
epochs: 3
batchSize: 32
seeds: 1
`;
const robustness =
  "robustness={corruptions: [blur, occlusion], severities: [1, 5], noise: 1, attacks: [{ fgsm: [0.01, 0.1] }, { pgd: { epsilon: 0.1, steps: 3 } }], examples: 60}";

const run = (store: string, ...settings: string[]) => {
  const { stdout, stderr, status } = losslab(
    "run",
    "asked.yaml",
    "--store",
    store,
    "--json",
    "--no-report",
    ...settings.flatMap((s) => ["--set", s]),
  );
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { status, stderr, events, kinds: events.map((e) => e.event as string) };
};

interface Split {
  loss: number;
  accuracy: number;
  mcc?: number;
  probabilities?: { logLoss: number; topK: Record<string, number>; reliability: { count: number }[] };
}
interface TrialJson {
  id: string;
  final: { test: Split; train: Split };
  robustness: { kind: string; name?: string; severity?: number; examples: number; accuracy: number; loss: number }[];
  history: { epoch: number; train: Split; test: Split }[];
}
const results = (store: string): TrialJson[] =>
  JSON.parse(losslab("results", "--json", "--history", "--store", store).stdout, (key, value) =>
    key === "seconds" ? undefined : value,
  ).trials;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-observe-"));
  writeFileSync(join(folder, "asked.yaml"), study);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what a study asks of its trials", () => {
  test("is measured after the last epoch, and can be asked of trials that were trained before", () => {
    expect(run("plain").status).toBe(0);
    const [first] = results("plain");
    expect(first.final.test.probabilities!.reliability.reduce((n, b) => n + b.count, 0)).toBe(150);
    expect(first.history[0].test.probabilities).toBeUndefined();
    expect(first.robustness).toEqual([]);

    const later = run("plain", robustness);
    expect(later.status).toBe(0);
    expect(later.kinds).not.toContain("epoch");
    expect(later.events.filter((e) => e.event === "examined").map((e) => e.answers)).toEqual([9, 9, 9]);
    expect(run("plain", robustness).kinds).not.toContain("examined");

    expect(run("at once", robustness, "measure.splits=[test, train]").status).toBe(0);
    const [asked, before] = [results("at once"), results("plain")];
    expect(asked.map((t) => t.robustness)).toEqual(before.map((t) => t.robustness));
    expect(asked.map((t) => t.id)).toEqual(before.map((t) => t.id));
    for (const { robustness: all, final } of asked) {
      expect(final.train.probabilities!.reliability.reduce((n, b) => n + b.count, 0)).toBe(300);
      expect(all.map(({ kind, name, severity }) => [kind, name, severity].filter(Boolean).join(" ")).sort()).toEqual([
        "attack",
        "attack",
        "attack",
        "clean",
        "corruption blur 1",
        "corruption blur 5",
        "corruption occlusion 1",
        "corruption occlusion 5",
        "noise",
      ]);
      for (const { examples } of all) expect(examples).toBe(60);
    }
  });

  test("changes no number of the training", () => {
    const asked = run("each", robustness, "measure.probabilities=each", "measure.splits=[train, validation, test]");
    expect(asked.status).toBe(0);
    const without = (trials: TrialJson[]) =>
      trials.map(({ history }) =>
        JSON.stringify(history, (key, value) => (key === "probabilities" ? undefined : value)),
      );
    const [each, plain] = [results("each"), results("plain")];
    expect(without(each)).toEqual(without(plain));
    each.forEach((trial, i) => {
      expect(trial.id, "what is recorded is part of the identity").not.toBe(plain[i].id);
      expect(trial.robustness).toEqual(plain[i].robustness);
      for (const { train, test } of trial.history) {
        expect(train.probabilities!.logLoss).toBeGreaterThan(0);
        expect(test.probabilities!.topK[5]).toBeGreaterThanOrEqual(test.accuracy);
      }
      expect(trial.final.test.probabilities).toEqual(plain[i].final.test.probabilities);
    });
  });

  test("is seen while it trains, and changes no number either", () => {
    const watched = run("watched", "diagnostics=true");
    expect(watched.status).toBe(0);
    const without = (trials: TrialJson[]) =>
      trials.map(({ history }) =>
        JSON.stringify(history, (key, value) => (["probabilities", "diagnosis"].includes(key) ? undefined : value)),
      );
    expect(without(results("watched"))).toEqual(without(results("plain")));
    const { stdout } = losslab("results", "--store", "watched", "--csv", "diagnostics");
    // 3 trials, 3 epochs, 2 layers and 1 activation
    expect(stdout.trimEnd().split("\n").length).toBe(1 + 3 * 3 * 3);
    expect(losslab("report", "--store", "watched", "--format", "md", "--out", "watched/report.md").status).toBe(0);
    expect(readFileSync(join(folder, "watched", "report.md"), "utf8")).toContain("Gradients and units");
  });

  test("is told when it cannot be found out any more", () => {
    const checkpoints = join(folder, "plain", "checkpoints");
    for (const file of readdirSync(checkpoints)) rmSync(join(checkpoints, file));
    const { status, events, stderr } = run("plain", "robustness={noise: 2}");
    expect(status).toBe(1);
    const missing = events.filter((e) => e.event === "unexamined");
    expect(missing.flatMap((e) => e.trials).length).toBe(3);
    expect(missing[0].reason).toContain("is missing");
    expect(stderr).toContain("not measured");
  });

  test("comes as comma-separated values", () => {
    const rows = (...args: string[]): Record<string, string>[] => {
      const { stdout } = losslab("results", "--store", "each", ...args);
      const [head, ...lines] = stdout.trimEnd().split("\n");
      return lines.map((line) => {
        const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell);
        return Object.fromEntries(head.split(",").map((name, i) => [name, cells[i]]));
      });
    };
    const [first] = results("each");
    const all = rows("--csv", "--history").filter((r) => r.trial === first.id);
    expect(all.map((r) => `${r.epoch} ${r.split}`)).toEqual(
      [1, 2, 3].flatMap((epoch) => ["train", "validation", "test"].map((split) => `${epoch} ${split}`)),
    );
    const last = all.at(-1)!;
    expect(Number(last.log_loss)).toBeCloseTo(first.final.test.probabilities!.logLoss, 10);
    expect(Number(last.mcc)).toBeCloseTo(first.final.test.mcc!, 10);
    expect(rows("--csv").length).toBe(9);
    const disturbed = rows("--csv", "robustness").filter((r) => r.trial === first.id);
    expect(disturbed.map((r) => Number(r.accuracy))).toEqual(
      first.robustness.map((r) => Number(r.accuracy.toPrecision(12))),
    );
    expect(disturbed.filter((r) => r.what === "fgsm").map((r) => r.strength)).toEqual(["0.01", "0.1"]);
  });
});

test("mistakes are told with their places", () => {
  const mistake = (...settings: string[]): string => {
    const { status, stderr } = losslab("plan", "asked.yaml", ...settings.flatMap((s) => ["--set", s]));
    expect(status, settings.join()).toBe(2);
    return stderr;
  };
  expect(mistake("measure=sometimes")).toContain("must be one of last, each, none");
  expect(mistake("measure.topk=[2]")).toContain('did you mean "topK"?');
  expect(mistake("measure.splits=[validation]", "data.validation=0")).toContain("no validation split");
  expect(mistake("diagnostics=sometimes")).toContain("must be true or false");
  expect(mistake("robustness={}")).toContain("names nothing");
  expect(mistake("robustness.corruptions=[blurr]")).toContain('did you mean "blur"?');
  expect(mistake("robustness={corruptions: all, severities: [6]}")).toContain("must be <= 5, got 6");
  expect(mistake("robustness.attacks=[{fgsm: {}}]")).toContain("robustness.attacks");
  expect(mistake("robustness.attacks=fgms")).toContain("there is no attack");
});
