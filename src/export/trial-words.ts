/** What a trial is, in words. */
import { dataLabel, specLabel } from "../report/labels.ts";
import type { Trial } from "../run/records.ts";

/** All that decides a trial's numbers, as rows of a name and what people say of it; what is as usual is left out. */
export function trialWords(trial: Trial): [name: string, said: string][] {
  const { data, model, activation, loss, optimizer, clip, schedule, augment, warmStart, ema, epochs, batchSize, seed } =
    trial;
  const members = { model, activation, loss, optimizer, clipping: clip, schedule, augmentation: augment };
  const named = Object.entries({ ...members, "warm start": warmStart }).flatMap(([name, spec]): [string, string][] =>
    spec ? [[name, specLabel(spec)]] : [],
  );
  return [
    ["data", dataLabel(data)],
    ...named,
    ...(ema ? ([["evaluated by", `the moving average of the weights, decay ${ema}`]] as [string, string][]) : []),
    ["training", `${epochs} epochs, batch ${batchSize}, seed ${seed}`],
  ];
}
