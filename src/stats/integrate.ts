const POINTS = 20;

/** Nodes and weights on -1 … 1, from the roots of the Legendre polynomial by Newton's method. */
const rule = Array.from({ length: POINTS }, (_, i) => {
  let x = Math.cos((Math.PI * (i + 0.75)) / (POINTS + 0.5));
  let slope = 0;
  for (let step = 0; step < 100; step++) {
    let [before, value] = [1, x];
    for (let k = 2; k <= POINTS; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
    slope = (POINTS * (x * value - before)) / (x * x - 1);
    const next = x - value / slope;
    if (next === x) break;
    x = next;
  }
  return { x, weight: 2 / ((1 - x * x) * slope * slope) };
});

/** Points and weights of Gauss-Legendre with 20 points in each of `panels` equal parts. Abramowitz and Stegun 25.4.29. */
export function quadrature(low: number, high: number, panels: number): { x: number; weight: number }[] {
  const half = (high - low) / (2 * panels);
  return Array.from({ length: panels }, (_, i) => low + (2 * i + 1) * half).flatMap((middle) =>
    rule.map(({ x, weight }) => ({ x: middle + half * x, weight: weight * half })),
  );
}

/** ∫ f from `low` to `high` for a smooth function: Gauss-Legendre with 20 points in each of `panels` equal parts. */
export function integrate(f: (x: number) => number, low: number, high: number, panels = 8): number {
  let total = 0;
  for (const { x, weight } of quadrature(low, high, panels)) total += weight * f(x);
  return total;
}
