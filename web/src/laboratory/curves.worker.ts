/** Draws learning curves beside the thread that trains. */
import {
  type CurveSeries,
  type LearningCurvesOptions,
  learningCurves,
} from "../../../src/report/plots/learning-curves.ts";
import { plots as en } from "../../../src/report/words/en/plots.ts";
import { plots as zh } from "../../../src/report/words/zh/plots.ts";
import { draw } from "../drawing/draw.ts";
import type { Language } from "../messages/index.ts";
import { answer } from "../rpc.ts";

/** Within pictures the words are those of the reports. */
const words = { en, zh } satisfies Record<Language, unknown>;

export interface CurvesPicture {
  series: CurveSeries[];
  options: Omit<LearningCurvesOptions, "words">;
}

const handlers = {
  draw: (pictures: CurvesPicture[], language: Language): Promise<string[]> =>
    Promise.all(
      pictures.map(({ series, options }) => draw(learningCurves(series, { ...options, words: words[language] }))),
    ),
};

export type CurvesWorker = typeof handlers;
answer(handlers);
