import { choose } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import type { Member } from "./cohort.ts";
import type { Trial } from "./records.ts";

/** A trial with the members of the zoo that it names. */
export const memberOf = (trial: Trial, zoo: Zoo): Member => ({
  id: trial.id,
  model: choose("model", zoo.models, trial.model),
  activation: choose("activation", zoo.activations, trial.activation),
  loss: choose("loss", zoo.losses, trial.loss),
  optimizer: choose("optimizer", zoo.optimizers, trial.optimizer),
  clip: choose("clip", zoo.clippings, trial.clip ?? "none"),
  schedule: choose("schedule", zoo.schedules, trial.schedule),
  warmStart: choose("warm start", zoo.warmStarts, trial.warmStart ?? "fresh"),
  seed: trial.seed,
});
