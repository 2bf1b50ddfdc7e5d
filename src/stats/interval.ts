/** A range that holds an unknown quantity with a stated confidence. */
export interface Interval {
  low: number;
  high: number;
}

/** Which differences count as evidence: of either sign, below 0, or above 0. */
export type Alternative = "two-sided" | "less" | "greater";
