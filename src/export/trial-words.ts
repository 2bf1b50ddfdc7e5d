/** What a trial is, in words. */
import { dataLabel, specLabel } from "../report/labels.ts";
import type { Trial } from "../run/records.ts";

/** `digits · MLP 28 · ReLU · CE · SGD lr 0.1 · 20 epochs, batch 100, seed 0`: all that decides its numbers, defaults left out. */
export function labelled(trial: Trial): string {
  const { data, model, activation, loss, optimizer, clip, schedule, augment, warmStart, ema, epochs, batchSize, seed } =
    trial;
  const parts = [model, activation, loss, optimizer, clip, schedule, augment, warmStart].filter((s) => s !== undefined);
  return [
    dataLabel(data),
    ...parts.map((spec) => specLabel(spec)),
    ...(ema ? [`average of the weights ${ema}`] : []),
    `${epochs} epochs, batch ${batchSize}, seed ${seed}`,
  ].join(" · ");
}
