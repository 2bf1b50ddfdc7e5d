/** What measures are called in the reader's language: as reports call them, and here what those do not name. */
import type { SplitKey } from "../../../src/dashboard/api.ts";
import type { Language } from "../../../src/report/words/languages.ts";
import { measures as zh } from "../../../src/report/words/zh/measures.ts";
import { language, t } from "../settings.svelte.ts";

/** The server's own titles are English. */
const titles: Record<Language, Record<string, string>> = { en: {}, zh: zh.titles };

export const measureTitle = (key: string, title: string): string =>
  t().dashboard.measures[key] ?? titles[language()][key] ?? title;

/** Of a column of trials: `test_accuracy`. */
export function columnTitle(key: string, title: string): string {
  const named = measureTitle(key, "");
  const [, split, measure] = /^(test|train|validation)_(.*)$/.exec(key) ?? [];
  if (named || !split) return named || title;
  const part = measureTitle(measure, "");
  return part ? `${t().dashboard.run.splits[split as SplitKey]}${part}` : title;
}
