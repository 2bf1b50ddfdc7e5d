import type { Hyperparameters, Trial } from "../../run/records.ts";

/** What stands in place of a hyperparameter that each configuration has a value of its own for. */
export const TUNED = "tuned";

/** The trial with a word in place of its tuned hyperparameters, so that what a configuration is called does not hang on what was chosen. */
export function masked(trial: Trial, values: Hyperparameters): Trial {
  const copy = { ...trial };
  for (const key of Object.keys(values)) {
    const [field, parameter] = key.split(".") as ["optimizer" | "loss", string];
    const [[name, parameters]] = Object.entries(copy[field]);
    copy[field] = { [name]: { ...parameters, [parameter]: TUNED } };
  }
  return copy;
}
