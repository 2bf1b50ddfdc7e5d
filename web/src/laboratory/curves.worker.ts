/** Draws learning curves beside the thread that trains. */
import {
  type CurveSeries,
  type LearningCurvesOptions,
  learningCurves,
} from "../../../src/report/plots/learning-curves.ts";
import { draw } from "../drawing/draw.ts";
import { answer } from "../rpc.ts";

export interface CurvesPicture {
  series: CurveSeries[];
  options: Omit<LearningCurvesOptions, "words">;
  words: { epoch: string; log: string; from: string; chance: string };
}

const handlers = {
  draw: (pictures: CurvesPicture[]): Promise<string[]> =>
    Promise.all(
      pictures.map(({ series, options, words }) => {
        const from = (value: number): string => words.from.replace("{}", String(value));
        return draw(learningCurves(series, { ...options, words: { ...words, from } }));
      }),
    ),
};

export type CurvesWorker = typeof handlers;
answer(handlers);
