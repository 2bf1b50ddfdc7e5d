/** A writer's right to write, which it may lose while it works. */
import type { TrialOutcome } from "./cohorts.ts";
import type { Db } from "./tables.ts";

export interface Hold {
  /**
   * Throws where the right was lost, within the transaction that is to write.
   * @param progressed whether the transaction finishes an epoch
   */
  check(trx: Db, progressed?: boolean): Promise<void>;
  /** Ends it, in the transaction that writes how the trials ended. @returns whether that is how they ended; else they are tried again */
  finish(trx: Db, outcomes: readonly TrialOutcome[]): Promise<boolean>;
}

/** That of a process which works on a run alone. */
export const free: Hold = { check: async () => {}, finish: async () => true };
