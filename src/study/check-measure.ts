/** Whether the data of a study have what it wants measured. */
import { noImages } from "../run/inputs.ts";
import { ParameterError, type Problem } from "../zoo/problems.ts";
import type { DataFacts } from "./cohorts.ts";
import type { ExpandedStudy } from "./expand.ts";
import type { DataSpec } from "./spec.ts";

/**
 * What is measured must exist: so many training examples, more classes than a top-k takes, images for corruptions of images.
 * @throws ParameterError with all that cannot be measured
 */
export function checkMeasure({ data, observe, said }: ExpandedStudy, factsOf: (data: DataSpec) => DataFacts): void {
  const problems: Problem[] = [];
  const facts = data.map(factsOf);
  const { trainLast = 0 } = observe.training;
  const fewest = Math.min(...facts.map(({ trainCount }) => trainCount));
  if (trainLast > fewest) {
    const message = `is ${trainLast}; an epoch has ${fewest} training examples`;
    problems.push({ path: ["measure", "trainLast"], message });
  }
  const classes = Math.min(...facts.map((f) => f.classes));
  const { topK = [] } = (said.measure ?? {}) as { topK?: number[] };
  for (const [i, k] of topK.entries()) {
    const message = `top ${k} of ${classes} classes is always right`;
    if (k >= classes) problems.push({ path: ["measure", "topK", i], message });
  }
  if (observe.last.some(({ kind }) => kind === "corruption")) {
    for (const [name, why] of new Map(facts.map((f) => [f.name, noImages(f)])))
      if (why) {
        const hint = "noise and attacks go with any data: robustness: { noise: 0.5 }";
        problems.push({ path: ["robustness"], message: `${name}: ${why}, so that no corruption can be applied`, hint });
      }
  }
  if (problems.length > 0) throw new ParameterError(problems, "study");
}
