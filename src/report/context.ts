import { stringify } from "yaml";
import type { RunResults } from "../run/records.ts";
import { atChance, type Chance, chance } from "./chance.ts";
import { type Comparisons, comparisonsOf } from "./comparisons.ts";
import { type Configuration, configurations } from "./configurations.ts";
import { dataTitle } from "./labels.ts";
import { type Looks, sequentialLooks } from "./looks.ts";
import { type RankingRow, rankConfigurations } from "./ranking.ts";
import { compared } from "./stages.ts";
import type { Text } from "./text.ts";
import { type TuningResults, tuningResults } from "./tuning.ts";
import { type Language, type Words, wordsIn } from "./words/index.ts";

/** What all sections of a report are made from, computed once. */
export interface ReportContext {
  /** What is compared: of a study that tunes the tuned trials. */
  results: RunResults;
  /** The same with all trials of the run. */
  whole: RunResults;
  /** What came of tuning; null where nothing is tuned. */
  tuning: TuningResults | null;
  /** The looks of a study that adds seeds until all is decided; null where the number of seeds is fixed. */
  looks: Looks | null;
  language: Language;
  /** Everything that is said, in that language. */
  words: Words;
  /** In the study's order. */
  configurations: Configuration[];
  /** The same, best first on each of the data. */
  rows: RankingRow[];
  /** All pairs of them that share their data. */
  comparisons: Comparisons;
  /** Drawn in colour where all are overlaid; the others are grey. */
  highlighted: ReadonlySet<Configuration>;
  /** With a finished trial and above chance, in the study's order: those that differences say something about. */
  learned: Configuration[];
  epochs: number;
  chance: Chance | null;
  classes: string[];
  /** The study file. */
  source: string;
  hasValidation: boolean;
  /** The data that measure generalization beside the test set: validation, where there is a split. */
  heldOut: "validation" | "test";
  /** `MNIST · 3 seeds`: the part of a subtitle that is the same for every picture. */
  basis: Text;
}

/** Up to this many configurations are all drawn in colour. */
const MOST_COLOURED = 10;
const COLOURED_OF_MANY = 6;

export function reportContext(
  whole: RunResults,
  {
    classNames,
    source,
    language = "en",
  }: { classNames?: readonly string[]; source?: string | null; language?: Language },
): ReportContext {
  const results = compared(whole);
  const all = configurations(results);
  const comparisons = comparisonsOf(results, all);
  const rows = rankConfigurations(all, comparisons);
  const level = all.map(chance).find((c) => c !== null) ?? null;
  const seeds = [...new Set(all.flatMap((c) => c.done.length || []))].sort((a, b) => a - b);
  const hasValidation = results.trials.some((t) => t.history.some((r) => r.validation !== null));
  const names = Array.from({ length: level?.classes ?? 0 }, (_, k) => classNames?.[k] ?? String(k));
  const words = wordsIn(language);
  return {
    results,
    whole,
    tuning: tuningResults(whole),
    looks: sequentialLooks(results),
    language,
    words,
    configurations: all,
    rows,
    comparisons,
    highlighted: new Set(
      all.length <= MOST_COLOURED
        ? all
        : rows
            .filter((r) => r.rank !== null)
            .sort((a, b) => a.rank! - b.rank!) // the best on each of several data
            .slice(0, COLOURED_OF_MANY)
            .map((r) => r.configuration),
    ),
    learned: all.filter((c) => c.done.length > 0 && atChance(c) === null),
    epochs: Math.max(1, ...all.map((c) => c.epochs)),
    chance: level,
    classes: names,
    source: source ?? stringify(results.run.spec, { lineWidth: 100 }),
    hasValidation,
    heldOut: hasValidation ? "validation" : "test",
    basis: words.common.basis({ data: [...new Set(all.map((c) => dataTitle(c.data)))], seeds }),
  };
}
