/** What a training step costs each model of a cohort, by the cohort's size; one core. */
import { median } from "../src/stats/median.ts";
import { eight, type Kind, type Noise, nine, syntheticTask, timeSteps } from "./synthetic.ts";
import { line } from "./table.ts";

const plain = { lr: 0.01, momentum: 0.9, weight_decay: 0 };
const settings: (Noise & { title: string; kinds: Kind[]; sizes: number[] })[] = [
  {
    title: "MLP 784-28-10, batch 100",
    model: "mlp",
    shape: [1, 28, 28],
    batchSize: 100,
    sgd: { ...plain, weight_decay: 1e-4 },
    steps: 300,
    kinds: nine,
    sizes: [1, 2, 4, 8, 16, 32, 64],
  },
  {
    title: "LeNet 3×32×32, batch 128",
    model: "lenet",
    shape: [3, 32, 32],
    batchSize: 128,
    sgd: plain,
    steps: 24,
    kinds: eight,
    sizes: [1, 2, 4, 8, 16],
  },
];

/** So many trials, no two alike: all kinds with one learning rate, then all with the next. */
const trialsOf = (kinds: readonly Kind[], size: number, rate: number): Kind[] =>
  Array.from({ length: size }, (_, i): Kind => {
    const [loss, activation] = kinds[i % kinds.length];
    return [loss, activation, rate * 0.9 ** Math.floor(i / kinds.length)];
  });

export interface CohortSize {
  setting: string;
  size: number;
  /** Median microseconds per model and step, and all that were measured. */
  micros: number;
  microsAll: number[];
}

export async function cohortSizes(repeats: number): Promise<CohortSize[]> {
  console.log("\nCost of a step per model by the cohort's size, losslab on one core\n");
  console.log(line(["", "cohort", "µs a model", "of a single's"]));
  const results: CohortSize[] = [];
  for (const { title, kinds, sizes, ...noise } of settings) {
    const tasks = sizes.map((size) => ({ size, task: syntheticTask(noise, trialsOf(kinds, size, noise.sgd.lr)) }));
    // All sizes in each round, so that a slower minute of the machine meets all of them.
    const rounds: number[][] = [];
    for (let i = 0; i < repeats; i++) {
      const round: number[] = [];
      for (const { task, size } of tasks) {
        const { seconds } = await timeSteps(task, 0);
        round.push((seconds * 1e6) / (noise.steps - 1) / size);
      }
      rounds.push(round);
    }
    for (const [i, { size }] of tasks.entries()) {
      const microsAll = rounds.map((round) => round[i]);
      const micros = median(microsAll);
      results.push({ setting: title, size, micros, microsAll });
      const alone = results.find((r) => r.setting === title)!.micros;
      console.log(line([title, String(size), micros.toFixed(0), `${((100 * micros) / alone).toFixed(0)} %`]));
    }
  }
  return results;
}
