/** erf(x) = 2/√π · exp(-x²) · Σ (2x²)ⁿ·x / (1·3·5···(2n+1)) (Abramowitz and Stegun 7.1.6): all terms have one sign. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
