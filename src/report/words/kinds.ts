/** Facts that several sentences are told. */
import type { Estimate, Who } from "../text.ts";

/** A configuration with a mean. */
export interface Rated {
  who: Who;
  value: Estimate;
}

/** How trials that did not finish ended. */
export interface Outcomes {
  trials: number;
  counts: readonly { status: "diverged" | "failed" | "skipped" | "running" | "planned"; n: number }[];
}

/** A configuration's difference to the first, and what it lost. */
export interface Compared {
  who: Who;
  difference: Estimate;
  lost: Outcomes | null;
}
