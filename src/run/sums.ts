/** What mini-batches leave, added up by trial: losses, weights and confusion matrices. */
import { measures } from "./metrics.ts";
import type { SplitMeasures } from "./records.ts";

/** Sums over an epoch or a split, by trial. */
export class Sums {
  readonly loss: Float64Array;
  readonly weight: Float64Array;
  readonly confusion: Float64Array;

  constructor(
    readonly trials: number,
    readonly classes: number,
  ) {
    this.loss = new Float64Array(trials);
    this.weight = new Float64Array(trials);
    this.confusion = new Float64Array(trials * classes * classes);
  }

  /** Sums of mini-batches, [steps, T]. */
  addSteps(loss: Float32Array, weight: Float32Array): void {
    for (let i = 0; i < loss.length; i++) {
      this.loss[i % this.trials] += loss[i];
      this.weight[i % this.trials] += weight[i];
    }
  }

  /** The first `count` of each trial's examples, [T, N]: added one by one, so that the sum does not depend on N. */
  addExamples(losses: Float32Array, weights: Float32Array, count: number): void {
    const width = losses.length / this.trials;
    for (let t = 0; t < this.trials; t++) {
      for (let i = t * width; i < t * width + count; i++) {
        this.loss[t] += losses[i];
        this.weight[t] += weights[i];
      }
    }
  }

  /**
   * Counts predictions, [steps, T, N].
   * @param examples the examples of all steps, one after the other, of which the last may be less than N
   * @param labels classes of all examples
   */
  count(predicted: Int32Array, examples: ArrayLike<number>, labels: Uint8Array, width: number): void {
    const { classes, trials } = this;
    for (let i = 0; i < examples.length; i++) {
      const row = classes * labels[examples[i]];
      let at = Math.floor(i / width) * trials * width + (i % width);
      for (let t = 0; t < trials; t++, at += width) this.confusion[t * classes * classes + row + predicted[at]]++;
    }
  }

  measures(trial: number): SplitMeasures {
    const { classes } = this;
    const matrix = Array.from({ length: classes }, (_, k) =>
      Array.from(this.confusion.subarray((trial * classes + k) * classes, (trial * classes + k + 1) * classes)),
    );
    return measures(this.loss[trial] / this.weight[trial], matrix);
  }
}
