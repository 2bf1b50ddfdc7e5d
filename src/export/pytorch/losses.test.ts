/** Losses as scripts have them give what the zoo's give: values, weights and PyTorch's own gradients. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { evaluate, grad, input, sum } from "../../tensor/index.ts";
import { random } from "../../util/random.ts";
import { choose, type Entry } from "../../zoo/entry.ts";
import { settingsOf } from "../../zoo/fixture.ts";
import { zoo } from "../../zoo/index.ts";
import type { Loss, LossContext } from "../../zoo/losses/loss.ts";
import { termsOf } from "../../zoo/losses/loss.ts";
import { pythonWith, runPython } from "../fixture.ts";
import { type LossCode, lossCode } from "./loss-functions.ts";
import { LOSSES } from "./losses.ts";

const CLASSES = 3;
const EXAMPLES = 8;
const CONTEXT: LossContext = { classes: CLASSES, classCounts: [50, 20, 30], training: true };
const members = ["ce", "focal", "mae", "hinge", "binaryCe", "generalizedCe", "dualFocal", "biTempered"];
const settings = Object.entries(zoo.losses).flatMap(([name, entry]) =>
  settingsOf(entry as Entry, { classes: CLASSES, members }).map((params) => ({ [name]: params })),
);
settings.push({ formula: { expression: "-(1 - p)^lambda * log(p) / max(F, loss)", lambda: 2, F: 1, loss: 3 } });
/** A class with no example among the mini-batch's, which losses that count them must bear. */
const labels = [0, 1, 1, 0, 0, 1, 0, 1];
const stream = random(3, "logits");
const logits = Array.from({ length: EXAMPLES * CLASSES }, (_, i) => 2 * stream.normal(i));

interface Measured {
  losses: number[];
  weights: number[];
  gradient: number[];
}

function measured(spec: object, training: boolean): Measured {
  const { entry, params } = choose<Loss>("loss", zoo.losses, spec);
  const z = input("logits", [EXAMPLES, CLASSES]);
  const targets = input("targets", [EXAMPLES, CLASSES]);
  const { perExample, weights } = termsOf(entry.perExample(z, targets, params, { ...CONTEXT, training }));
  const [gradient] = grad(sum(perExample), [z]);
  const wanted = labels.flatMap((label) => Array.from({ length: CLASSES }, (_, k) => Number(k === label)));
  const values = evaluate([perExample, gradient, ...(weights ? [weights] : [])], { logits, targets: wanted });
  const [losses, slopes, own = new Array<number>(EXAMPLES).fill(1)] = values.map((v) => Array.from(v));
  return { losses, weights: own, gradient: slopes };
}

const RUN = `
import json, math, sys, torch, torch.nn.functional as F
given = json.load(open(sys.argv[1]))
results = []
for text, names in given["functions"]:
    scope = {"math": math, "torch": torch, "F": F, "CLASSES": given["classes"], "CLASS_COUNTS": given["counts"]}
    exec(text, scope)
    for name in names:
        logits = torch.tensor(given["logits"], dtype=torch.float64).reshape(-1, given["classes"]).requires_grad_()
        result = scope[name](logits, torch.tensor(given["labels"]))
        losses, weights = result if isinstance(result, tuple) else (result, torch.ones(len(logits)))
        losses.sum().backward()
        results.append({"losses": losses.tolist(), "weights": weights.tolist(), "gradient": logits.grad.flatten().tolist()})
print(json.dumps(results))
`;

const python = pythonWith("torch");
if ("missing" in python) console.warn(`src/export/pytorch/losses.test.ts: losses are not tried: ${python.missing}`);

function inPytorch(codes: readonly LossCode[]): Measured[] {
  const functions = codes.map(({ definitions, training, evaluation }) => [
    definitions.join("\n\n"),
    [training.name, evaluation.name],
  ]);
  const given = { functions, classes: CLASSES, counts: CONTEXT.classCounts, logits, labels };
  const file = join(folder, "given.json"); // more than fits on a command line
  writeFileSync(file, JSON.stringify(given));
  return runPython<Measured[]>((python as { path: string }).path, RUN, [file]);
}

function expectNear(got: readonly number[], wanted: readonly number[], what: string): void {
  const largest = Math.max(1, ...wanted.map(Math.abs));
  expect(got.length, what).toBe(wanted.length);
  wanted.forEach((value, i) => {
    if (!(Math.abs(got[i] - value) <= 1e-7 * largest)) expect.fail(`${what}[${i}] is ${got[i]}, expected ${value}`);
  });
}

const folder = mkdtempSync(join(tmpdir(), "losslab-losses-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf("missing" in python)("losses give the zoo's values, weights and gradients in every setting", () => {
  const ways = { "as people write it": LOSSES, "from the zoo's expressions": {} };
  const cases = Object.entries(ways).flatMap(([way, byHand]) => settings.map((spec) => ({ way, byHand, spec })));
  const got = inPytorch(
    cases.map(({ spec, byHand }) => lossCode(choose<Loss>("loss", zoo.losses, spec), CONTEXT, byHand)),
  );
  cases.forEach(({ way, spec }, i) => {
    [true, false].forEach((training, j) => {
      const wanted = measured(spec, training);
      for (const part of ["losses", "weights", "gradient"] as const) {
        const what = `${JSON.stringify(spec)} ${way}, ${training ? "" : "not "}in training: ${part}`;
        expectNear(got[2 * i + j][part], wanted[part], what);
      }
    });
  });
});
