/** What a script of a stored trial is written from. */
import type { DataOptions } from "../../lab/datasets.ts";
import { trialData } from "../../lab/trial-data.ts";
import { memberOf } from "../../run/members.ts";
import type { Store, StoredTrial } from "../../store/store.ts";
import { UserError } from "../../util/errors.ts";
import { zoo } from "../../zoo/index.ts";
import type { PytorchParts } from "./index.ts";

/** Reads the trial's data and what is known of its training; it may be in any state. */
export async function pytorchParts(
  store: Pick<Store, "epochs">,
  { trial }: Pick<StoredTrial, "trial">,
  options: DataOptions,
): Promise<PytorchParts> {
  const [loss] = Object.keys(trial.loss);
  if (!Object.hasOwn(zoo.losses, loss)) {
    throw new UserError(
      `its loss "${loss}" is code of your own, which the store does not keep`,
      `trial ${trial.id}`,
      "say it as a formula, or put it in the script of another loss by hand",
    );
  }
  const { cohort, training } = await trialData(trial, options);
  return { trial, member: memberOf(trial, zoo), data: cohort, training, history: await store.epochs(trial.id) };
}
