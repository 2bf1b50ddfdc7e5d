/** Words within pictures, in the reader's language: those of the reports. */
import { plots as en, type PlotWords } from "../../../src/report/words/en/plots.ts";
import type { Language } from "../../../src/report/words/languages.ts";
import { plots as zh } from "../../../src/report/words/zh/plots.ts";

const catalogues: Record<Language, PlotWords> = { en, zh };
export const plotWords = (language: Language): PlotWords => catalogues[language];
