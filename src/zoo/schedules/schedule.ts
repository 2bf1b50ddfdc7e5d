import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";
import { number } from "../entry.ts";

/** What a schedule is: a factor of the learning rate by the progress of training. */
export interface Schedule<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * @param epoch finished epochs, with their fraction: 2.5 is the middle of the third
   * @param epochs all epochs of the training
   */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds schedules of all parameter types
  readonly factor: (epoch: number, epochs: number, params: any) => number;
}

/** Every schedule may begin with a warm-up, in which the factor rises from near 0 to the schedule's. */
const warmUp = number("epochs in which the learning rate rises linearly from near 0", { default: 0, min: 0 });

export function schedule<S extends ParameterSchemas>(
  definition: Entry<S> & { factor: (epoch: number, epochs: number, params: Parameters<S>) => number },
): Schedule<S & { warmUp: typeof warmUp }> {
  return { ...definition, params: { ...definition.params, warmUp } };
}

/** The factor of the step that begins at `epoch`, warm-up included. */
export function scheduledFactor(
  entry: Schedule,
  params: Record<string, unknown>,
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  const epoch = step / stepsPerEpoch;
  const warm = params.warmUp as number;
  const rise = epoch < warm ? (step + 1) / Math.max(1, warm * stepsPerEpoch) : 1;
  return Math.min(1, rise) * entry.factor(epoch, epochs, params);
}
