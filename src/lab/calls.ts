import type { Cohort } from "../run/cohort.ts";

/** Above this much work a call's overhead no longer matters, and long graphs only take longer to prepare. */
const WORK_OF_A_CALL = 4e8;
const MOST_STEPS = 5;

/** Training steps in one call of the runtime; changes no numbers. */
export function stepsPerCall(cohort: Cohort, batchSize: number): number {
  const work = 6 * cohort.model.products * batchSize * cohort.members.length;
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(WORK_OF_A_CALL / work)));
}
