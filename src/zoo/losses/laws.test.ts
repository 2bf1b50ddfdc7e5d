/** Laws that every loss keeps, in many settings. A new loss needs no test of its own for them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateLoss, type LossInput, onRuntime } from "../../library/plain.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import { random } from "../../util/random.ts";
import { choose, type Entry } from "../entry.ts";
import { leastOf, settingsOf } from "../fixture.ts";
import { zoo } from "../index.ts";
import { lawsOf } from "./loss.ts";

const CLASSES = 3;
const runtime = onRuntime(nodeBackend());
const losses = Object.entries(zoo.losses);
const lawsIn = (spec: Record<string, unknown>) => lawsOf(choose("loss", zoo.losses, spec));
/** Drawn from far apart, so that losses within losses are of several kinds. */
const members = ["ce", "focal", "mae", "hinge", "binaryCe", "generalizedCe", "dualFocal", "biTempered"];
const settings = losses.flatMap(([name, entry]) =>
  settingsOf(entry as Entry, { classes: CLASSES, members }).map((params) => ({
    name,
    params,
    spec: { [name]: params },
    laws: lawsIn({ [name]: params }),
  })),
);
const titled = settings.map((s): [string, (typeof settings)[number]] => [`${s.name} ${JSON.stringify(s.params)}`, s]);

const COUNTS = [50, 20, 30];
const given = (logits: number[][], targets: number[]): LossInput => ({ logits, targets, classCounts: COUNTS });
const row = (size: number) =>
  fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: CLASSES, maxLength: CLASSES });
/** Examples with their classes; every class occurs, so that no list of weights can leave nothing to divide by. */
const examples = (size: number) =>
  fc.array(row(size), { minLength: CLASSES, maxLength: 6 }).map((logits) =>
    given(
      logits,
      logits.map((_, i) => i % CLASSES),
    ),
  );

const sizeOfRow = (values: readonly number[]): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
/** Errors are measured by the largest of the values, or by 1. */
function expectNear(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  const allowed = tolerance * Math.max(1, sizeOfRow(wanted));
  const wrong = wanted.findIndex((value, i) => !(Math.abs(got[i] - value) <= allowed));
  if (wrong >= 0) expect.fail(`[${wrong}] is ${got[wrong]}, expected ${wanted[wrong]} ± ${allowed}`);
}

const few = { numRuns: 20 };

/** The value whose gradient is asked for, at a point and beside it. */
function moved(spec: LossInput, i: number, k: number, by: number): LossInput {
  const logits = spec.logits.map((row) => [...row]);
  logits[i][k] += by;
  return { ...spec, logits };
}

/** A test of what a loss promises; for one that does not, there is none. */
const promised = (law: unknown) => (law ? it : (_name: string, _test: () => void) => {});

describe.each(titled)("%s", (_, { name, params, spec, laws }) => {
  it("has the gradient that differences show", () => {
    const stream = random(3, name);
    const input = given(
      Array.from({ length: 6 }, (_, i) =>
        Array.from({ length: CLASSES }, (_, k) => 6 * stream.uniform(i * CLASSES + k) - 3),
      ),
      [0, 1, 2, 0, 1, 2],
    );
    const { gradLogits, mean } = evaluateLoss(spec, input);
    const h = 1e-5;
    let smooth = 0;
    gradLogits.forEach((row, i) => {
      row.forEach((gradient, k) => {
        const [below, above] = [-h, h].map((by) => evaluateLoss(spec, moved(input, i, k, by)).mean);
        const scale = Math.max(1, Math.abs(mean), Math.abs(gradient));
        const kink = Math.abs(above - 2 * mean + below) > 1e-7 * scale;
        if (kink) return;
        smooth++;
        const difference = (above - below) / (2 * h);
        expect(Math.abs(gradient - difference), `logit ${k} of example ${i}`).toBeLessThan(1e-8 * scale);
      });
    });
    expect(smooth).toBeGreaterThan(12);
  });

  const extremes = [-1e4, 0, 1e4];
  const rows = extremes.flatMap((a) => extremes.flatMap((b) => extremes.map((c) => [a, b, c])));
  const extreme = given(
    rows.flatMap((row) => [row, row, row]),
    rows.flatMap(() => [0, 1, 2]),
  );

  it("is finite, with a finite gradient, for logits of ±1e4, in float64 and in float32", async () => {
    for (const result of [evaluateLoss(spec, extreme), await runtime.evaluateLoss(spec, extreme)]) {
      expect(result.perExample.findIndex((v) => !Number.isFinite(v))).toBe(-1);
      expect(result.gradLogits.findIndex((row) => !row.every(Number.isFinite))).toBe(-1);
    }
  });

  it("is in float32 what it is in float64, for sure and for unsure examples", async () => {
    const stream = random(4, name);
    const sizes = [1e-3, 1, 10, 100];
    const logits = Array.from({ length: 24 }, (_, i) =>
      Array.from({ length: CLASSES }, (_, k) => Math.fround(sizes[i % 4] * (2 * stream.uniform(i * CLASSES + k) - 1))),
    );
    // One size at a time: the allowed error goes by the largest value.
    for (const [s] of sizes.entries()) {
      const own = given(
        logits.filter((_, i) => i % 4 === s),
        [0, 1, 2, 0, 1, 2],
      );
      const wanted = evaluateLoss(spec, own);
      const got = await runtime.evaluateLoss(spec, own);
      expectNear(got.perExample, wanted.perExample, 1e-5);
      expectNear(got.gradLogits.flat(), wanted.gradLogits.flat(), 1e-5);
    }
  });

  it("does not depend on the order of the examples", () => {
    const property = fc.property(examples(20), fc.nat(), (input, seed) => {
      const order = Array.from(random(seed, "order").permutation(input.logits.length));
      const a = evaluateLoss(spec, input);
      const b = evaluateLoss(spec, {
        ...input,
        logits: order.map((i) => input.logits[i]),
        targets: order.map((i) => input.targets[i] as number),
      });
      expect(b.perExample).toEqual(order.map((i) => a.perExample[i]));
      const gradients = order.flatMap((i) => a.gradLogits[i]);
      expectNear(b.gradLogits.flat(), gradients, 1e-12);
    });
    fc.assert(property, few);
  });

  it("does not depend on the order of the classes", () => {
    const property = fc.property(examples(20), fc.nat(), (input, seed) => {
      const order = Array.from(random(seed, "order").permutation(CLASSES));
      const reordered = <T>(list: readonly T[]): T[] => order.map((k) => list[k]);
      const isPerClass = (v: unknown): v is number[] => Array.isArray(v) && v.every((x) => typeof x === "number");
      const lists = Object.entries(params).map(([key, v]) => [key, isPerClass(v) ? reordered(v) : v]);
      const a = evaluateLoss(spec, input);
      const b = evaluateLoss(
        { [name]: Object.fromEntries(lists) },
        {
          logits: input.logits.map(reordered),
          targets: input.targets.map((target) => order.indexOf(target as number)),
          classCounts: reordered(COUNTS),
        },
      );
      expectNear(b.perExample, a.perExample, 1e-12);
      expectNear(b.gradLogits.flat(), a.gradLogits.flatMap(reordered), 1e-12);
    });
    fc.assert(property, few);
  });

  promised(laws.shiftInvariant)("does not change when a number is added to an example's logits", () => {
    const property = fc.property(examples(10), fc.integer({ min: -64, max: 64 }), (drawn, shift) => {
      // Rounded so that sums are exact: what is equal stays equal, what is larger stays larger.
      const input = { ...drawn, logits: drawn.logits.map((row) => row.map((z) => Math.round(z * 1024) / 1024)) };
      const a = evaluateLoss(spec, input);
      const b = evaluateLoss(spec, { ...input, logits: input.logits.map((row) => row.map((z) => z + shift)) });
      expectNear(b.perExample, a.perExample, 1e-12);
      const totals = a.gradLogits.map((row) => row.reduce((sum, g) => sum + g, 0));
      expectNear(totals, new Array(totals.length).fill(0), 1e-12 * Math.max(1, sizeOfRow(a.gradLogits.flat())));
    });
    fc.assert(property, few);
  });

  promised(laws.distributions)("meets its value for a class as the target's distribution nears that class", () => {
    const property = fc.property(examples(10), (input) => {
      const near = (share: number) =>
        input.targets.map((y) => input.logits[0].map((_, k) => (k === y ? 1 - share : share / (CLASSES - 1))));
      const [at, close, far] = [0, 1e-11, 0.3].map((share) => evaluateLoss(spec, { ...input, targets: near(share) }));
      const sure = evaluateLoss(spec, input);
      expect(at.perExample).toEqual(sure.perExample);
      const slope = sizeOfRow(far.perExample.map((value, i) => value - sure.perExample[i]));
      expectNear(close.perExample, sure.perExample, 1e-7 * Math.max(1, slope));
      expect([...far.perExample, ...far.gradLogits.flat()].every(Number.isFinite)).toBe(true);
    });
    fc.assert(property, few);
  });

  promised(laws.nonNegative)("is never negative", () => {
    const property = fc.property(examples(100), (input) => {
      for (const value of evaluateLoss(spec, input).perExample) expect(value).toBeGreaterThanOrEqual(-1e-13);
    });
    fc.assert(property, few);
  });
});

describe.each(losses)("%s with its defaults", (name, entry) => {
  const spec = { [name]: leastOf(entry as Entry) };
  const laws = lawsIn(spec);

  it.each(laws.equals ?? [])("is $loss at $at", ({ at, loss }) => {
    const property = fc.property(examples(30), (input) => {
      const a = evaluateLoss({ [name]: at }, input);
      const b = evaluateLoss(loss, input);
      expectNear(a.perExample, b.perExample, 1e-12);
      expectNear(a.gradLogits.flat(), b.gradLogits.flat(), 1e-12);
    });
    fc.assert(property, few);
  });

  promised(laws.vanishesWhenSure)(
    "vanishes, and its gradient, when the target's logit exceeds the others by far",
    () => {
      const property = fc.property(
        row(5),
        fc.nat(CLASSES - 1),
        fc.double({ min: 50, max: 1e4, noNaN: true }),
        (z, y, by) => {
          const others = z.filter((_, k) => k !== y);
          const sure = z.map((value, k) => (k === y ? Math.max(...others) + by : value));
          const { perExample, gradLogits } = evaluateLoss(spec, given([sure], [y]));
          expect(perExample[0]).toBeLessThan(1e-20);
          expect(sizeOfRow(gradLogits[0])).toBeLessThan(1e-20);
        },
      );
      fc.assert(property);
    },
  );

  const rise = (z: number[], y: number): number => {
    const raised = z.map((value, k) => (k === y ? value + 1e-3 : value));
    const [before, after] = [z, raised].map((logits) => evaluateLoss(spec, given([logits], [y])).mean);
    return after - before;
  };

  promised(!laws.mayRise)("falls when the target's logit rises", () => {
    const property = fc.property(row(3), fc.nat(CLASSES - 1), (z, y) => {
      expect(rise(z, y)).toBeLessThanOrEqual(0);
    });
    fc.assert(property);
  });

  promised(laws.mayRise)("does rise somewhere with the target's logit, as it says it may", () => {
    const draw = random(6, name);
    const wholes = Array.from({ length: 500 }, (_, i) =>
      Array.from({ length: CLASSES }, (_, k) => (draw.uint32(i * CLASSES + k) % 41) - 20),
    );
    expect(wholes.some((z) => rise(z, 0) > 1e-12)).toBe(true);
  });
});
