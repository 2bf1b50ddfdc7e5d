import erfc from "@stdlib/math-base-special-erfc";
import erfcinv from "@stdlib/math-base-special-erfcinv";

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** P(Z <= z) of the standard normal distribution. */
export const normalCdf = (z: number): number => erfc(-z / Math.SQRT2) / 2;

/** P(Z > z), precise in the tail. */
export const normalTail = (z: number): number => erfc(z / Math.SQRT2) / 2;

/** The z with P(Z <= z) = p. */
export const normalQuantile = (p: number): number => -Math.SQRT2 * erfcinv(2 * p);
