import { expect, it } from "vitest";
import { percent, points } from "./format.ts";

it("says a difference alike, whichever way it was computed", () => {
  const [a, b] = [
    [0.8035, 0.8145, 0.796, 0.8038],
    [0.6215, 0.6385, 0.6225, 0.6063],
  ];
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const ways = [mean(a) - mean(b), mean(a.map((v, i) => v - b[i])), -mean(b.map((v, i) => v - a[i]))];
  expect(new Set(ways.map(percent)).size).toBe(1);
  for (let i = 0; i < 2000; i++) {
    const tie = (2 * i + 1) / 20000; // halfway between two hundredths of a percent
    const near = [tie, tie * (1 + 2 ** -50), tie * (1 - 2 ** -50)];
    expect(new Set(near.map(percent)).size).toBe(1);
    expect(points(-tie)).toBe(points(tie).replace("+", "−"));
  }
});
