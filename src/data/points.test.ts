import { describe, expect, it } from "vitest";
import type { Examples } from "./dataset.ts";
import { datasets } from "./index.ts";

const drawn = Object.values(datasets).filter(({ spread }) => spread !== undefined);
const none = (async function* () {})();

/** The share of examples whose nearest other example is of their class. */
function nearestAgree({ images, labels }: Examples, count: number): number {
  let hits = 0;
  for (let i = 0; i < count; i++) {
    let best = -1;
    let least = Infinity;
    for (let j = 0; j < labels.length; j++) {
      const distance = (images[2 * i] - images[2 * j]) ** 2 + (images[2 * i + 1] - images[2 * j + 1]) ** 2;
      if (j !== i && distance < least) [best, least] = [j, distance];
    }
    if (labels[best] === labels[i]) hits++;
  }
  return hits / count;
}

it("there are four sets of points", () => {
  expect(drawn.map(({ name }) => name)).toEqual(["blobs", "circles", "moons", "spiral"]);
});

describe.each(drawn)("$name", (source) => {
  it("lies about the origin, with all classes equally often, other points for testing", async () => {
    const { train, test } = await source.decode(none);
    for (const { images, labels } of [train, test]) {
      expect(images.every((v) => Math.abs(v) < 3)).toBe(true);
      for (const axis of [0, 1]) {
        const values = Array.from(images).filter((_, i) => i % 2 === axis);
        expect(Math.abs(values.reduce((a, b) => a + b) / values.length)).toBeLessThan(0.15);
      }
      const counts = source.classes.map((_, k) => labels.filter((l) => l === k).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(train.images.subarray(0, 8)).not.toEqual(test.images.subarray(0, 8));
  });

  it("can be told apart without spread, less the more there is, and moves by the spread", async () => {
    const [exact, usual, wide] = await Promise.all(
      [0, source.spread!, 1].map(async (spread) => (await source.decode(none, { spread })).train),
    );
    const [a, b, c] = [exact, usual, wide].map((points) => nearestAgree(points, 300));
    expect(a).toBe(1);
    expect(b).toBeGreaterThan(0.85);
    expect(c).toBeLessThan(b);
    // The same points, moved by a multiple of the same numbers.
    for (let i = 0; i < 20; i++) {
      const moved = wide.images[i] - exact.images[i];
      expect((usual.images[i] - exact.images[i]) / moved).toBeCloseTo(source.spread!, 4);
    }
  });
});
