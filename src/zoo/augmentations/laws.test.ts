/** Laws that every augmentation keeps, and what each does to known images. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, evaluate, input, type Shape, sizeOf } from "../../tensor/index.ts";
import { random } from "../../util/random.ts";
import { choose } from "../entry.ts";
import { leastOf, settingsOf } from "../fixture.ts";
import { zoo } from "../index.ts";
import { betaQuantile } from "./mixup.ts";

const SHAPE = [2, 12, 13] as const;
const CLASSES = 3;

interface Changed {
  x: number[];
  targets: { wanted: number[]; share: number[] }[];
}

/** Examples changed by the numbers that come from the given uniform ones, in the order of draws by example. */
function changed(
  spec: string | object,
  x: ArrayLike<number>,
  uniform: (example: number, draw: number) => number,
  { shape = SHAPE, black = 0 }: { shape?: Shape; black?: number } = {},
): Changed {
  const { entry, params } = choose("augmentation", zoo.augmentations, spec);
  const count = x.length / sizeOf(shape);
  const draws = entry.draws(params, shape);
  const drawn = Array.from({ length: count }, (_, i) => draws.map((draw, j) => draw(uniform(i, j)))).flat();
  const wanted = Array.from({ length: count * CLASSES }, (_, at) =>
    Number(at % CLASSES === Math.floor(at / CLASSES) % CLASSES),
  );
  const batch = { x: input("x", [count, ...shape]), targets: [{ wanted: input("wanted", [count, CLASSES]) }] };
  const after = entry.apply(batch, input("drawn", [count, draws.length]), params, { black: constant(black) });
  expect(after.x.shape).toEqual([count, ...shape]);
  const shares = after.targets.map(({ share }) => share ?? constant(new Array<number>(count).fill(1), [count]));
  const values = evaluate([after.x, ...after.targets.map((t) => t.wanted), ...shares], { x, wanted, drawn }).map((v) =>
    Array.from(v),
  );
  return {
    x: values[0],
    targets: after.targets.map((_, i) => ({ wanted: values[1 + i], share: values[1 + after.targets.length + i] })),
  };
}

const numbers = random(1, "augmentations");
const pictures = (count: number): number[] =>
  Array.from({ length: count * sizeOf(SHAPE) }, (_, i) => 0.1 + 0.8 * numbers.uniform(i));
const drawnFrom = (seed: number) => (example: number, draw: number) => random(seed, "drawn", draw).uniform(example);

const settings = Object.values(zoo.augmentations).flatMap((entry) =>
  settingsOf(entry, { members: ["flip", "crop", "cutout", "mixup"] }).map((setting) => ({
    [entry.name]: { ...leastOf(entry), ...setting },
  })),
);

describe.each(settings)("%j", (spec) => {
  it("makes no value that lies outside those of its images, black and 0", () => {
    const given = pictures(5);
    const { x } = changed(spec, given, drawnFrom(2), { black: -0.5 });
    const all = [...given, 0, -0.5];
    expect(Math.min(...x)).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
    expect(Math.max(...x)).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
  });

  it("leaves images of nothing as they are", () => {
    const none = new Array<number>(3 * sizeOf(SHAPE)).fill(0);
    expect(changed(spec, none, drawnFrom(3)).x.every((v) => v === 0)).toBe(true);
  });

  it("gives each example distributions whose shares sum to 1", () => {
    const { targets } = changed(spec, pictures(7), drawnFrom(4));
    for (let i = 0; i < 7; i++) {
      const shares = targets.map(({ share }) => share[i]);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
    for (const { wanted } of targets) {
      for (let i = 0; i < 7; i++) expect(wanted.slice(i * CLASSES, (i + 1) * CLASSES).sort()).toEqual([0, 0, 1]);
    }
  });

  it("takes a mini-batch of one", () => {
    const { x, targets } = changed(spec, pictures(1), drawnFrom(5));
    expect(x).toHaveLength(sizeOf(SHAPE));
    expect(targets.reduce((sum, { share }) => sum + share[0], 0)).toBeCloseTo(1, 12);
  });
});

const grid = (height: number, width: number): number[] => Array.from({ length: height * width }, (_, i) => i + 1);
const shape = [1, 4, 5];

describe("flip", () => {
  it("mirrors left and right, with its probability", () => {
    const mirrored = grid(4, 5).map((_, i) => Math.floor(i / 5) * 5 + (4 - (i % 5)) + 1);
    expect(changed({ flip: 1 }, grid(4, 5), () => 0.999, { shape }).x).toEqual(mirrored);
    expect(changed({ flip: 0 }, grid(4, 5), () => 0, { shape }).x).toEqual(grid(4, 5));
    expect(changed({ flip: 0.3 }, grid(4, 5), () => 0.29, { shape }).x).toEqual(mirrored);
    expect(changed({ flip: 0.3 }, grid(4, 5), () => 0.3, { shape }).x).toEqual(grid(4, 5));
  });
});

describe("crop", () => {
  it("shifts by whole pixels, each shift alike, and fills with black", () => {
    for (let a = -2; a <= 2; a++) {
      for (let b = -2; b <= 2; b++) {
        const { x } = changed({ crop: 2 }, grid(4, 5), (_, draw) => ((draw === 0 ? a : b) + 2.5) / 5, {
          shape,
          black: -9,
        });
        const shifted = grid(4, 5).map((_, at) => {
          const [i, j] = [Math.floor(at / 5) + a, (at % 5) + b];
          return i >= 0 && i < 4 && j >= 0 && j < 5 ? i * 5 + j + 1 : -9;
        });
        expect(x).toEqual(shifted);
      }
    }
  });

  it("shifts channels and examples apart, exactly", () => {
    const given = pictures(3);
    const { x } = changed("crop", given, (example) => [0, 0.5, 0.99][example]);
    const [size, plane] = [sizeOf(SHAPE), 12 * 13];
    expect(x.slice(size, 2 * size)).toEqual(given.slice(size, 2 * size));
    expect(x[plane + 4 * 13 + 4]).toBe(given[plane]); // by -4, -4
    expect(x[2 * size + plane]).toBe(given[2 * size + plane + 4 * 13 + 4]);
  });
});

describe("cutout", () => {
  it.each([3, 4])("blanks a square of %i around its centre", (size) => {
    for (let cy = 0; cy < 4; cy++) {
      for (let cx = 0; cx < 5; cx++) {
        const { x } = changed(
          { cutout: size },
          grid(4, 5),
          (_, draw) => (draw === 0 ? (cy + 0.5) / 4 : (cx + 0.5) / 5),
          { shape },
        );
        const within = (i: number, centre: number): boolean => {
          const first = centre - Math.floor(size / 2);
          return i >= first && i < first + size;
        };
        expect(x).toEqual(grid(4, 5).map((v, at) => (within(Math.floor(at / 5), cy) && within(at % 5, cx) ? 0 : v)));
      }
    }
  });
});

describe("mixup", () => {
  it("mixes each example with the next, and targets alike", () => {
    const { x, targets } = changed({ mixup: 1 }, grid(3, 2), (example) => [0.25, 0.5, 1 - 1e-12][example], {
      shape: [2],
    });
    const expected = [0.25 * 1 + 0.75 * 3, 0.25 * 2 + 0.75 * 4, 4, 5, 5, 6];
    x.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i], 9);
    });
    expect(targets[0].wanted).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(targets[1].wanted).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0]);
    expect(targets[0].share[0]).toBeCloseTo(0.25, 12);
    expect(targets[1].share[0]).toBeCloseTo(0.75, 12);
  });

  it("draws λ from Beta(α, α): symmetric, with its variance 1 / 4(2α + 1)", () => {
    for (const alpha of [0.1, 0.4, 1, 3]) {
      const n = 4000;
      const values = Array.from({ length: n }, (_, i) => betaQuantile((i + 0.5) / n, alpha));
      const variance = values.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / n;
      expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 3);
    }
    const within = fc.property(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.double({ min: 1e-3, max: 50, noNaN: true }),
      (u, alpha) => {
        const value = betaQuantile(u, alpha);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      },
    );
    fc.assert(within);
    expect(betaQuantile(0.25, 1)).toBeCloseTo(0.25, 12); // α = 1: uniform
    expect(betaQuantile(0.25, 0.5)).toBeCloseTo(Math.sin(Math.PI / 8) ** 2, 12); // α = 1/2: the arcsine distribution
  });
});

describe("all of several", () => {
  it("is one after the other", () => {
    const uniform = drawnFrom(6);
    const both = changed({ all: [{ crop: 2 }, "none", "cutout", "flip"] }, pictures(4), uniform);
    const first = changed({ crop: 2 }, pictures(4), uniform).x;
    const second = changed("cutout", first, (example, draw) => uniform(example, draw + 2)).x;
    expect(both.x).toEqual(changed("flip", second, (example, draw) => uniform(example, draw + 4)).x);
  });
});

describe("refusals", () => {
  it.each<[string | object, Shape, string]>([
    ["flip", [5], "flip: needs images [C,H,W], got [5]"],
    [{ crop: 5 }, [1, 5, 9], "crop: padding 5 would shift images of 5×9 out of sight"],
    [{ cutout: 6 }, [3, 8, 5], "cutout: a square of 6 pixels does not fit into images of 8×5"],
    [{ all: ["mixup", { cutout: 6 }] }, [3, 8, 5], "all: cutout: a square of 6 pixels does not fit into images of 8×5"],
  ])("%j on %j", (spec, shape, message) => {
    expect(() => changed(spec, new Array<number>(sizeOf(shape)).fill(0), () => 0, { shape })).toThrow(message);
  });
});
