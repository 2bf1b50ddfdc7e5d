/** Laws that every corruption keeps, on digits and on colour images. A new one needs no test of its own for them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateDigits, SIDE } from "../data/digits/generate.ts";
import { UserError } from "../util/errors.ts";
import { random } from "../util/random.ts";
import { corrupt } from "./corrupt.ts";
import type { Corruption, Image, Severity } from "./corruption.ts";
import * as corruptions from "./index.ts";
import { inputNoise } from "./inputNoise.ts";
import { smoothed } from "./smooth.ts";

const members: [string, Corruption][] = Object.entries(corruptions);
const severities: Severity[] = [1, 2, 3, 4, 5];
const COUNT = 20;

const drawnDigits = generateDigits({ train: COUNT, test: 0 }).train.images;
const digits = Array.from({ length: COUNT }, (_, i): Image => {
  const values = Float32Array.from(drawnDigits.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), (x) => x / 255);
  return { shape: [1, SIDE, SIDE], values };
});

/** Smooth colour clouds, as photographs are: neighbours are alike. */
const photographs = Array.from({ length: COUNT }, (_, i): Image => {
  const { uniform } = random(1, "photograph", i);
  const noise = Float64Array.from({ length: 3 * 32 * 32 }, (_, j) => uniform(j));
  const cloud = smoothed({ shape: [3, 32, 32], values: noise }, 2);
  return { shape: [3, 32, 32], values: cloud.map((x) => Math.min(1, Math.max(0, 0.5 + 6 * (x - 0.5)))) };
});

const anyImage = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 12 }))
  .chain((shape) => {
    const size = shape[0] * shape[1] * shape[2];
    const value = fc.oneof(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: 255 }).map((n) => n / 255),
    );
    return fc.array(value, { minLength: size, maxLength: size }).map((values): Image => ({ shape, values }));
  });

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: ArrayLike<number>): number => {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (x) => (x - centre) ** 2)));
};
const flat = (value: number, [c, h, w] = [3, 32, 32]): Image => ({
  shape: [c, h, w],
  values: new Float64Array(c * h * w).fill(value),
});

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.sqrt(mean(Array.from(a, (x, i) => (x - b[i]) ** 2)));
}

describe.each(members)("%s", (name, { name: own, strengths, apply }) => {
  const options = (severity: Severity, index = 0) => ({ severity, seed: 3, index });

  it("is found by its name", () => expect(own).toBe(name));

  it("keeps shape and range", () => {
    fc.assert(
      fc.property(anyImage, fc.constantFrom(...severities), (image, severity) => {
        const values = corrupt(name, image, options(severity));
        expect(values.length).toBe(image.values.length);
        expect(values.every((x) => x >= 0 && x <= 1)).toBe(true);
      }),
    );
  });

  it("depends on image, severity, seed and index alone", () => {
    for (const image of [digits[0], photographs[0]]) {
      const first = corrupt(name, image, options(3, 7));
      corrupt(name, photographs[1], options(5, 1));
      expect(corrupt(name, image, options(3, 7))).toEqual(first);
    }
  });

  it.each([
    ["digits", digits],
    ["photographs", photographs],
  ])("leads further from clean %s with each severity", (_, images) => {
    const distances = severities.map((severity) =>
      mean(images.map((image, i) => distance(corrupt(name, image, options(severity, i)), image.values))),
    );
    expect(distances[0]).toBeGreaterThan(0.005);
    expect(distances[4]).toBeLessThan(0.5);
    distances.slice(1).forEach((d, i) => {
      expect(d, `severity ${i + 2}`).toBeGreaterThan(distances[i]);
    });
  });

  it("changes nothing at strength 0", () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        const values = apply(image, 0, random(0, "none"));
        expect(distance(values, image.values)).toBeLessThan(1e-12);
      }),
    );
    expect([...strengths].sort((a, b) => a - b)).toEqual(strengths);
  });
});

describe("what a corruption leaves", () => {
  it.each(["contrast", "blur"])("%s leaves the mean of every channel", (name) => {
    for (const severity of severities) {
      for (const image of [digits[1], photographs[1]]) {
        const [channels, height, width] = image.shape;
        const values = corrupt(name, image, { severity, seed: 0, index: 0 });
        for (let c = 0; c < channels; c++) {
          const channel = (of: ArrayLike<number>) => Array.from(of).slice(c * height * width, (c + 1) * height * width);
          expect(Math.abs(mean(channel(values)) - mean(channel(image.values)))).toBeLessThan(1e-6);
        }
      }
    }
  });

  it("pixelate leaves the mean where blocks are whole pixels", () => {
    const values = corruptions.pixelate.apply(photographs[2], 0.5, random(0, ""));
    expect(mean(values)).toBeCloseTo(mean(photographs[2].values), 12);
    expect(values[0]).toBe(values[33]); // the first block has 2 × 2 pixels
  });

  it.each(["blur", "contrast", "pixelate", "translation", "rotation", "elastic"])(
    "%s leaves an image of one colour",
    (name) => {
      const image = flat(0.3);
      const values = corrupt(name, image, { severity: 5, seed: 0, index: 0 });
      expect(distance(values, image.values)).toBeLessThan(1e-6);
    },
  );

  it.each([corruptions.gaussianNoise, corruptions.uniformNoise])(
    "$name has mean 0 and the given deviation",
    ({ name, strengths: [weakest] }) => {
      const grey = flat(0.5, [3, 128, 128]);
      const values = corrupt(name, grey, { severity: 1, seed: 0, index: 0 });
      expect(Math.abs(mean(values) - 0.5)).toBeLessThan((4 * weakest) / Math.sqrt(values.length));
      expect(deviation(values)).toBeCloseTo(weakest, 3);
    },
  );

  it("salt and pepper hit the given share of the pixels, all channels alike, and the same ones when severer", () => {
    const grey = flat(0.5, [3, 100, 100]);
    const hit = severities.map((severity) => corrupt("saltAndPepper", grey, { severity, seed: 0, index: 0 }));
    hit.forEach((values, s) => {
      const changed = values.filter((x) => x !== 0.5);
      expect(Math.abs(changed.length / values.length - corruptions.saltAndPepper.strengths[s])).toBeLessThan(0.015);
      expect(changed.every((x) => x === 0 || x === 1)).toBe(true);
      for (let i = 0; i < 1e4; i++) {
        expect(values[i]).toBe(values[i + 1e4]);
        if (s > 0 && hit[s - 1][i] !== 0.5) expect(values[i]).toBe(hit[s - 1][i]);
      }
    });
  });

  it("occlusion covers one grey square, which grows around its place", () => {
    for (let index = 0; index < 10; index++) {
      const hit = severities.map((severity) => corrupt("occlusion", flat(0), { severity, seed: 0, index }));
      hit.forEach((values, s) => {
        expect([...new Set(values)].sort()).toEqual([0, 0.5]);
        if (s > 0) expect(hit[s - 1].every((x, i) => x === 0 || values[i] === x)).toBe(true);
      });
    }
  });

  it("translation moves every pixel by the same, none is mixed", () => {
    const image = photographs[3];
    const known = new Set(Array.from(image.values, Math.fround));
    for (const x of corrupt("translation", image, { severity: 4, seed: 0, index: 3 })) expect(known.has(x)).toBe(true);
  });

  it("rotation turns about the centre, to both sides over the images", () => {
    const values = new Float64Array(81);
    values[40] = 1; // the centre of 9 × 9
    values[44] = 0.5; // to its right
    const image: Image = { shape: [1, 9, 9], values };
    const sides = new Set<number>();
    for (let index = 0; index < 20; index++) {
      const turned = corrupt("rotation", image, { severity: 5, seed: 0, index });
      expect(turned[40]).toBeCloseTo(1, 6);
      sides.add(Math.sign(mean(turned.subarray(0, 36)) - mean(turned.subarray(45))));
    }
    expect(sides).toEqual(new Set([-1, 1]));
  });
});

describe("noise in the network's scale", () => {
  const inputs = Float32Array.from({ length: 30_000 }, (_, i) => (i % 7) - 3);

  it("has the given deviation, whatever the inputs, and is not cut off", () => {
    const noisy = inputNoise(inputs, { seed: 2, index: 0 });
    const noise = noisy.map((x, i) => x - inputs[i]);
    expect(Math.abs(mean(noise))).toBeLessThan(4 / Math.sqrt(noise.length));
    expect(deviation(noise)).toBeCloseTo(1, 1);
    expect(Math.max(...noisy)).toBeGreaterThan(5);
    expect(inputNoise(inputs, { sigma: 0, seed: 2, index: 0 })).toEqual(inputs);
  });

  it("is another for every example, and the same when asked for again", () => {
    const of = (index: number) => inputNoise([0, 0, 0], { seed: 2, index });
    expect(of(4)).toEqual(of(4));
    expect(of(4)).not.toEqual(of(5));
  });
});

it("what there is not is refused", () => {
  const call =
    (name: string, severity: number, image = flat(0)) =>
    () =>
      corrupt(name, image, { severity: severity as Severity, seed: 0, index: 0 });
  expect(call("gausianNoise", 1)).toThrow(UserError);
  expect(call("gausianNoise", 1)).toThrow('there is no corruption "gausianNoise"');
  expect(call("blur", 6)).toThrow("severity must be 1, 2, 3, 4 or 5, got 6");
  expect(call("blur", 1, { shape: [1, 2, 2], values: [0] })).toThrow("1 values has not the shape [1, 2, 2]");
});
