/** Draws learning curves beside the thread that trains. */
import {
  type CurveSeries,
  type LearningCurvesOptions,
  learningCurves,
} from "../../../src/report/plots/learning-curves.ts";
import type { Language } from "../../../src/report/words/languages.ts";
import { draw } from "../drawing/draw.ts";
import { plotWords } from "../drawing/words.ts";
import { answer } from "../rpc.ts";

export interface CurvesPicture {
  series: CurveSeries[];
  options: Omit<LearningCurvesOptions, "words">;
  language: Language;
}

const handlers = {
  draw: (pictures: CurvesPicture[]): Promise<string[]> =>
    Promise.all(
      pictures.map(({ series, options, language }) =>
        draw(learningCurves(series, { ...options, words: plotWords(language) })),
      ),
    ),
};

export type CurvesWorker = typeof handlers;
answer(handlers);
