import betainc from "@stdlib/math-base-special-betainc";

/**
 * P(F > x) of the F distribution, precise in the tail.   I(d2 / (d2 + d1 x); d2/2, d1/2), Abramowitz and Stegun 26.6.2.
 * @param df1 of the numerator; like `df2` it need not be whole
 */
export const fTail = (x: number, df1: number, df2: number): number =>
  x <= 0 ? 1 : Number.isFinite(x) ? betainc(df2 / (df2 + df1 * x), df2 / 2, df1 / 2) : 0;
