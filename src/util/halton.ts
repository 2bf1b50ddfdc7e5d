/** Points that fill the unit cube evenly: Halton's sequence, scrambled. */
import { random } from "./random.ts";

const PRIMES = [2, 3, 5, 7, 11, 13] as const;

/** The sequence has a prime base for each dimension; with large ones short sequences are no longer even. */
export const MOST_DIMENSIONS: number = PRIMES.length;

/** Digits beyond this change a number by less than 2^-32. */
const digitsOf = (base: number): number => Math.ceil(32 / Math.log2(base));

/**
 * Halton's sequence with Owen's scrambling: each digit of i, written in the dimension's base from the last on, is permuted by a
 * permutation that depends on the digits before it. The first b^m points of a dimension of base b have one point in each of b^m equal
 * intervals, as unscrambled; within it each stands where chance puts it. Halton, 1960; Owen, 1995; Owen, 2017, arXiv:1706.02808.
 * @param dimensions at most `MOST_DIMENSIONS`
 * @returns the i-th point, numbers in [0, 1); a pure function of seed and i
 */
export function halton(seed: number, dimensions: number): (i: number) => number[] {
  if (dimensions > MOST_DIMENSIONS) throw new RangeError(`at most ${MOST_DIMENSIONS} dimensions, got ${dimensions}`);
  const coordinate = (dimension: number, i: number): number => {
    const base = PRIMES[dimension];
    let rest = i;
    let value = 0;
    let before = "";
    for (let digit = 1; digit <= digitsOf(base); digit++) {
      const d = rest % base;
      value += random(seed, "halton", dimension, before).permutation(base)[d] * base ** -digit;
      before += `${d},`;
      rest = Math.floor(rest / base);
    }
    return value;
  };
  return (i) => Array.from({ length: dimensions }, (_, dimension) => coordinate(dimension, i));
}
