import gammainc from "@stdlib/math-base-special-gammainc";

/** P(X > x) of the χ² distribution, precise in the tail.   Q(k/2, x/2), Abramowitz and Stegun 26.4.19. */
export const chiSquaredTail = (x: number, df: number): number => (x <= 0 ? 1 : gammainc(x / 2, df / 2, true, true));

/** P(X <= x). */
export const chiSquaredCdf = (x: number, df: number): number => (x <= 0 ? 0 : gammainc(x / 2, df / 2));
