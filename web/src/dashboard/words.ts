/** Words within pictures, in the reader's language. */
import { plots as en, type PlotWords } from "../../../src/report/words/en/plots.ts";
import { plots as zh } from "../../../src/report/words/zh/plots.ts";
import { language } from "../settings.svelte.ts";

export const plotWords = (): PlotWords => ({ en, zh })[language()];
