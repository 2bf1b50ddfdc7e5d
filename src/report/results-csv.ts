/** Results as tables of comma-separated values, for spreadsheets and statistics programs. */
import { concern } from "../run/diagnosis.ts";
import { isRobustness, type RobustnessQuestion, type SplitName } from "../run/observations.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { type CsvValue, csv } from "./csv.ts";
import { specLabel } from "./labels.ts";
import { DECISIONS, diagnosisOf, type Measure, measuredAt, OF_PROBABILITIES, topKs } from "./measures.ts";
import { trialLabels } from "./trial-labels.ts";

const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

const WHO = ["trial", "configuration", "model", "activation", "loss", "optimizer", "batch_size", "seed", "status"];

const numberOrText = (value: number | undefined): CsvValue =>
  value === undefined ? null : Number.isFinite(value) ? value : String(value);

/** Each trial with the columns that say which it is. */
function* named({ trials }: RunResults): Generator<{ result: TrialResult; who: CsvValue[] }> {
  const labels = trialLabels(trials.map((t) => t.trial));
  for (const result of trials) {
    const { id, model, activation, loss, optimizer, batchSize, seed } = result.trial;
    const parts = [model, activation, loss, optimizer].map((spec) => specLabel(spec));
    yield { result, who: [id, labels.get(id)!, ...parts, batchSize, seed, result.status] };
  }
}

/** A row for each trial and split, after the last epoch or after each. */
export function measuresCsv(results: RunResults, { history }: { history: boolean }): string {
  const measures: Measure[] = [...DECISIONS, ...OF_PROBABILITIES, ...topKs(results.trials)];
  const rows = [...named(results)].flatMap(({ result, who }) => {
    const epochs = history ? result.history : result.history.slice(-1);
    return epochs.flatMap(({ epoch, seconds, learningRate, gradientNorm }) =>
      SPLITS.flatMap((split) => {
        const found = measuredAt(result, split, epoch);
        if (!found) return [];
        const values = measures.map((m) => numberOrText(m.read(found)));
        const own = [found.measures.loss, seconds, learningRate, gradientNorm].map(numberOrText);
        return [[...who, epoch, split, ...own, ...values]];
      }),
    );
  });
  const own = ["loss_value", "seconds", "learning_rate", "gradient_norm"];
  return csv([...WHO, "epoch", "split", ...own, ...measures.map((m) => m.key)], rows);
}

/** What was done to test examples, and how strongly. */
export function disturbance(question: RobustnessQuestion): { what: string; strength: number; parameters: object } {
  switch (question.kind) {
    case "clean":
      return { what: "clean", strength: 0, parameters: {} };
    case "noise":
      return { what: "noise", strength: question.sigma, parameters: {} };
    case "corruption":
      return { what: question.name, strength: question.severity, parameters: {} };
    case "attack": {
      const [[what, { epsilon, ...parameters }]] = Object.entries(question.attack);
      return { what, strength: epsilon as number, parameters: { ...parameters, objective: question.objective } };
    }
  }
}

/** A row for each trial and each thing that was done to its test examples. */
export function robustnessCsv(results: RunResults): string {
  const rows = [...named(results)].flatMap(({ result, who }) =>
    result.observations.flatMap(({ question, answer, epoch }) => {
      if (!isRobustness(question) || !("accuracy" in answer)) return [];
      const { what, strength, parameters } = disturbance(question);
      const own = [epoch, question.kind, what, strength, JSON.stringify(parameters), answer.examples];
      return [[...who, ...own, numberOrText(answer.loss), numberOrText(answer.accuracy)]];
    }),
  );
  const own = ["epoch", "kind", "what", "strength", "parameters", "examples", "loss_value", "accuracy"];
  return csv([...WHO, ...own], rows);
}

/** A row for each trial, epoch and layer or activation of its network. */
export function diagnosticsCsv(results: RunResults): string {
  const rows = [...named(results)].flatMap(({ result, who }) =>
    result.history.flatMap(({ epoch }) => {
      const found = diagnosisOf(result, epoch);
      if (!found) return [];
      const layers = found.layers.map((l): CsvValue[] => [
        ...who,
        epoch,
        l.layer,
        ...[l.gradientNorm, l.weightNorm, l.updateRatio].map(numberOrText),
        null,
        null,
        concern(l),
      ]);
      const activations = found.activations.map((a): CsvValue[] => [
        ...who,
        epoch,
        a.activation,
        null,
        null,
        null,
        ...[a.saturated, a.dead].map(numberOrText),
        null,
      ]);
      return [...layers, ...activations];
    }),
  );
  const own = ["epoch", "part", "gradient_norm", "weight_norm", "update_ratio", "saturated", "dead", "concern"];
  return csv([...WHO, ...own], rows);
}
