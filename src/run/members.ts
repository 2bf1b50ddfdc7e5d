import { type Chosen, choose } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { averaged } from "../zoo/optimizers/averaged.ts";
import type { Optimizer } from "../zoo/optimizers/optimizer.ts";
import type { Member } from "./cohort.ts";
import type { Trial } from "./records.ts";

/** A trial's optimizer, with the average of the weights if it keeps one. */
export const optimizerOf = ({ optimizer, ema = 0 }: Pick<Trial, "optimizer" | "ema">, zoo: Zoo): Chosen<Optimizer> =>
  averaged(choose("optimizer", zoo.optimizers, optimizer), ema);

/** A trial with the members of the zoo that it names. */
export const memberOf = (trial: Trial, zoo: Zoo): Member => ({
  id: trial.id,
  model: choose("model", zoo.models, trial.model),
  activation: choose("activation", zoo.activations, trial.activation),
  loss: choose("loss", zoo.losses, trial.loss),
  optimizer: optimizerOf(trial, zoo),
  clip: choose("clipping", zoo.clippings, trial.clip ?? "none"),
  schedule: choose("schedule", zoo.schedules, trial.schedule),
  augment: choose("augmentation", zoo.augmentations, trial.augment ?? "none"),
  warmStart: choose("warm start", zoo.warmStarts, trial.warmStart ?? "fresh"),
  seed: trial.seed,
});
