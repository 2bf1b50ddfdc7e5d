/** The trial that is meant by its id or the beginning of it. */
import { trialLabels } from "../report/trial-labels.ts";
import type { Trial } from "../run/records.ts";
import type { Store, StoredTrial } from "../store/store.ts";
import { UserError } from "../util/errors.ts";

/** Trials that a message lists at most. */
const MOST_LISTED = 12;

/** `3f2a9c0b1d2e4f56  CE, seed 0`, a line each. */
function listed(trials: readonly Trial[]): string {
  const labels = trialLabels(trials);
  const lines = trials.slice(0, MOST_LISTED).map(({ id, seed }) => `${id}  ${labels.get(id)}, seed ${seed}`);
  const more = trials.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more: losslab results --csv`] : [])].join("\n       ");
}

/** @throws UserError that names trials which might be meant */
export async function findTrial(
  store: Pick<Store, "trialsBeginning" | "results">,
  wanted: string,
): Promise<StoredTrial> {
  const found = wanted === "" ? [] : await store.trialsBeginning(wanted);
  const exact = found.find(({ trial }) => trial.id === wanted);
  if (exact) return exact;
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new UserError(
      `"${wanted}" begins the ids of ${found.length} trials`,
      undefined,
      listed(found.map(({ trial }) => trial)),
    );
  }
  const { run, trials } = await store.results("latest", { history: false });
  throw new UserError(
    wanted === "" ? "which trial is meant is not said" : `no trial "${wanted}" in this store`,
    undefined,
    `trials of the newest run, ${run.id} (${run.study}):\n       ${listed(trials.map(({ trial }) => trial))}`,
  );
}
