import { expect, it } from "vitest";
import { random } from "../util/random.ts";
import { predictionInterval } from "./prediction-interval.ts";

it("holds one more value as often as it says", () => {
  const draws = 4000;
  const { normal } = random(7, "prediction");
  let held = 0;
  for (let i = 0; i < draws; i++) {
    const values = Array.from({ length: 4 }, (_, k) => 3 + 2 * normal(5 * i + k));
    const { low, high } = predictionInterval(values)!;
    const next = 3 + 2 * normal(5 * i + 4);
    if (low <= next && next <= high) held++;
  }
  expect(Math.abs(held / draws - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / draws));
});

it("is mean ± t · sd · √(1 + 1/n)", () => {
  // 7/3 ± 4.302653 · √(7/3) · √(4/3), the t from tables with 2 degrees of freedom
  const { low, high } = predictionInterval([1, 2, 4])!;
  expect(low).toBeCloseTo(-5.255833, 5);
  expect(high).toBeCloseTo(9.922499, 5);
  expect(predictionInterval([1])).toBeNull();
});
