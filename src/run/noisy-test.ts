/** The test split as a network sees it when noise is added to its inputs. */
import { inputNoise } from "../corruptions/inputNoise.ts";
import { sizeOf } from "../tensor/index.ts";
import type { TrainingTask } from "./train.ts";

/**
 * A task whose examples are the test split's, scaled and with normal noise of deviation `sigma` added to every input. The noise depends
 * on the task's seed and on the example alone: it is the same for all losses and in all epochs.
 */
export function noisyTest(task: TrainingTask, sigma: number): TrainingTask {
  const { cohort, data, seed } = task;
  const { scale, offset, shape } = cohort.data;
  const pixels = sizeOf(shape);
  const perChannel = pixels / scale.length;
  const images = new Float32Array(data.test.length * pixels);
  const clean = new Float64Array(pixels);
  data.test.forEach((example, index) => {
    for (let i = 0; i < pixels; i++) {
      const channel = Math.floor(i / perChannel);
      clean[i] = data.images[example * pixels + i] * scale[channel] + offset[channel];
    }
    images.set(inputNoise(clean, { sigma, seed, index }), index * pixels);
  });
  const asTheyAre = { pixels: "float32" as const, scale: scale.map(() => 1), offset: offset.map(() => 0) };
  return {
    ...task,
    cohort: { ...cohort, data: { ...cohort.data, ...asTheyAre } },
    data: {
      images,
      labels: Uint8Array.from(data.test, (example) => data.labels[example]),
      train: Uint32Array.of(),
      validation: Uint32Array.of(),
      test: Uint32Array.from(data.test, (_, i) => i),
    },
  };
}
