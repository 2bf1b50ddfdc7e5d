/** What each step of a training is fed beside its state: functions of the task and of the step alone, never of what came before. */
import { random } from "../util/random.ts";
import { scheduledFactor } from "../zoo/schedules/schedule.ts";
import { drawsOf } from "./cohort.ts";
import type { TrainingTask } from "./train.ts";

export interface StepFeeds {
  /** Whole mini-batches of an epoch, and the examples that are left for a smaller last one. */
  fullSteps: number;
  rest: number;
  stepsPerEpoch: number;
  /** The examples of an epoch (counted from 1), as they stand in the data, in order. */
  order(epoch: number): Int32Array;
  /** Learning rate of a trial at a step. Steps are counted from 0 over the whole training. */
  learningRate(trial: number, step: number): number;
  /** The factors of each optimizer group, [factors · trials]. */
  factors(step: number): Float32Array[];
  /** Seed of the random numbers of layers, 0 … 2^31 - 1. */
  seed(step: number): bigint;
  /** The augmentation's numbers for a mini-batch of so many examples, [batch · draws]. */
  drawn(step: number, batch: number): Float32Array;
}

export function stepFeeds({ cohort, data, batchSize, epochs, seed, order }: Omit<TrainingTask, "measure">): StepFeeds {
  const { members, groups } = cohort;
  const fullSteps = Math.floor(data.train.length / batchSize);
  const rest = data.train.length % batchSize;
  const stepsPerEpoch = fullSteps + (rest > 0 ? 1 : 0);
  const learningRate = (trial: number, step: number): number => {
    const { optimizer, schedule } = members[trial];
    const factor = scheduledFactor(schedule.entry, schedule.params, step, stepsPerEpoch, epochs);
    return (optimizer.params.learningRate as number) * factor;
  };
  const noise = random(seed, "noise");
  const draws = drawsOf(cohort).map((draw, j) => ({ draw, stream: random(seed, "augment", j) }));
  return {
    fullSteps,
    rest,
    stepsPerEpoch,
    order(epoch) {
      const places = order?.(epoch) ?? random(seed, "order", epoch).permutation(data.train.length);
      return Int32Array.from(places, (i) => data.train[i]);
    },
    learningRate,
    factors: (step) =>
      groups.map(({ trials, factors }) => {
        const rows = trials.map((t) => {
          const { entry, params } = members[t].optimizer;
          return entry.factors(params, learningRate(t, step), step + 1);
        });
        return Float32Array.from(factors.flatMap((name) => rows.map((row) => row[name])));
      }),
    seed: (step) => BigInt(noise.uint32(step) >>> 1),
    drawn(step, batch) {
      // Places are counted over the whole training; the last mini-batch of an epoch leaves some out.
      const place = (i: number): number => step * batchSize + i;
      const rows = Array.from({ length: batch }, (_, i) =>
        draws.map(({ draw, stream }) => draw(stream.uniform(place(i)))),
      );
      return Float32Array.from(rows.flat());
    },
  };
}
