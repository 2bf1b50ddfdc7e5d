/** How candidates are looked for, the same for all that is tuned: equal points, equal epochs, an equal budget. */
import type { Entry, ParameterSchemas, Parameters } from "../../../zoo/entry.ts";

/** One turn of a search: the candidates that are left train for so many epochs, each anew. */
export interface Round {
  /** Candidates of each configuration. */
  candidates: number;
  epochs: number;
}

export interface Search<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /** The i-th point of the unit cube of so many dimensions. */
  points(seed: number, dimensions: number): (i: number) => number[];
  /**
   * Its rounds for so many candidates and the study's epochs; those that are best after a round go on to the next.
   * @returns the last round trains for the study's epochs
   */
  // biome-ignore lint/suspicious/noExplicitAny: searches of any parameters in one list
  rounds(candidates: number, epochs: number, params: any): Round[];
}

export const search = <S extends ParameterSchemas>(
  definition: Omit<Search<S>, "rounds"> & {
    rounds(candidates: number, epochs: number, params: Parameters<S>): Round[];
  },
): Search<S> => definition as Search<S>;
