/** Draws learning curves beside the thread that trains. */
import {
  type CurveSeries,
  type LearningCurvesOptions,
  learningCurves,
} from "../../../src/report/plots/learning-curves.ts";
import { plots as en } from "../../../src/report/words/en/plots.ts";
import type { Language } from "../../../src/report/words/languages.ts";
import { plots as zh } from "../../../src/report/words/zh/plots.ts";
import { draw } from "../drawing/draw.ts";
import { answer } from "../rpc.ts";

export interface CurvesPicture {
  series: CurveSeries[];
  options: Omit<LearningCurvesOptions, "words">;
  language: Language;
}

const catalogues = { en, zh };

const handlers = {
  draw: (pictures: CurvesPicture[]): Promise<string[]> =>
    Promise.all(
      pictures.map(({ series, options, language }) =>
        draw(learningCurves(series, { ...options, words: catalogues[language] })),
      ),
    ),
};

export type CurvesWorker = typeof handlers;
answer(handlers);
