export const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** a / b, and 0 for a division by zero: scikit-learn's `zero_division=0`. */
export const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);
