import type { RunResults } from "../run/records.ts";
import { type ReportContext, reportContext } from "./context.ts";
import type { ReportDocument, Section } from "./document.ts";
import { picturesSection } from "./pictures/index.ts";
import { answerSection } from "./sections/answer.ts";
import { calibrationSection } from "./sections/calibration.ts";
import { claimsSection } from "./sections/claims.ts";
import { convergenceSection } from "./sections/convergence.ts";
import { costSection } from "./sections/cost.ts";
import { curvesSection } from "./sections/curves.ts";
import { dataSetsSection } from "./sections/data-sets.ts";
import { divergedSection } from "./sections/diverged.ts";
import { effectsSection } from "./sections/effects.ts";
import { environmentSection } from "./sections/environment.ts";
import { generalizationSection } from "./sections/generalization.ts";
import { gradientsSection } from "./sections/gradients.ts";
import { limitationsSection } from "./sections/limitations.ts";
import { looksSection } from "./sections/looks.ts";
import { measuresSection } from "./sections/measures.ts";
import { pairsSection } from "./sections/pairs.ts";
import { perClassSection } from "./sections/per-class.ts";
import { perLossSection } from "./sections/per-loss.ts";
import { rankingSection } from "./sections/ranking.ts";
import { reproduceSection } from "./sections/reproduce.ts";
import { robustnessSection } from "./sections/robustness.ts";
import { setupSection } from "./sections/setup.ts";
import { tuningSection } from "./sections/tuning.ts";
import type { Language } from "./words/index.ts";

export interface ReportOptions {
  /** Names of the classes, in the order of the labels; without them their numbers. */
  classNames?: readonly string[];
  /** The study file as its author wrote it, comments and all; without it the study as the run keeps it is shown. */
  source?: string | null;
  /** English unless it says otherwise. */
  language?: Language;
}

/** The report's sections in the order in which they are read. A section that has nothing to say is null. */
const SECTIONS: readonly ((context: ReportContext) => Section | null | Promise<Section | null>)[] = [
  answerSection,
  claimsSection,
  looksSection,
  rankingSection,
  pairsSection,
  tuningSection,
  effectsSection,
  dataSetsSection,
  curvesSection,
  picturesSection,
  perLossSection,
  measuresSection,
  perClassSection,
  convergenceSection,
  generalizationSection,
  robustnessSection,
  gradientsSection,
  calibrationSection,
  costSection,
  divergedSection,
  limitationsSection,
  setupSection,
  environmentSection,
  reproduceSection,
];

const day = (iso: string): string => iso.slice(0, 16).replace("T", " ");

function facts({ whole: { run, trials }, words: { page, common } }: ReportContext): string[] {
  const statuses = [...new Set(trials.map((t) => t.status))];
  const outcomes = statuses.map((status) =>
    page.outcome({ n: trials.filter((t) => t.status === status).length, status: common.statuses[status] }),
  );
  return [
    page.run({ id: run.id }),
    page.started({ at: day(run.startedAt) }),
    page.states[run.state],
    page.trials({ trials: trials.length, outcomes: outcomes.join(page.separator) || page.noTrials }),
  ];
}

/** Everything the report says and shows, made from the stored records alone. */
export async function buildReport(results: RunResults, options: ReportOptions = {}): Promise<ReportDocument> {
  const context = reportContext(results, options);
  const sections: Section[] = [];
  for (const make of SECTIONS) {
    const section = await make(context);
    if (section) sections.push(section);
  }
  const { question, description } = results.run.spec;
  const said = question ?? description;
  return {
    language: context.language,
    title: results.run.study,
    question: typeof said === "string" && said !== "" ? said : null,
    facts: facts(context),
    sections,
  };
}
