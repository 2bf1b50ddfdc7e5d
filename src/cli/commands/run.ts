import { Command, Option } from "commander";
import type { Language } from "../../report/words/languages.ts";
import type { stoppingRules } from "../../study/until.ts";
import { UserError } from "../../util/errors.ts";
import {
  atLeast,
  positive,
  type StudyFlags,
  studyOptions,
  withDevice,
  withLanguage,
  withStore,
  withStudyOptions,
} from "../options.ts";

interface Flags extends StudyFlags {
  store: string;
  workers?: number;
  until?: string;
  maxSeeds?: number;
  acceptChangedData?: boolean;
  json?: boolean;
  report?: boolean;
  lang: Language;
}

/** The study's stopping rules; what they are is loaded when a study is read. */
const RULES: readonly (keyof typeof stoppingRules)[] = ["decided"];

/** The rule as a setting of the study, so that it is stored with it. */
function until({ until: rule, maxSeeds }: Flags): string[] {
  if (rule !== undefined) return [`until=${maxSeeds === undefined ? rule : `{ ${rule}: { maxSeeds: ${maxSeeds} } }`}`];
  if (maxSeeds === undefined) return [];
  throw new UserError("says the most seeds of --until", "--max-seeds", "--until decided --max-seeds 30");
}

/** Trains what a study asks for and ends with the answer. */
export const run = (): Command =>
  withLanguage(withDevice(withStore(withStudyOptions(new Command("run")))))
    .description("Train everything a study asks for, then print the ranking and write the report.")
    .argument("<study>", "a study file, - for standard input, or the name of a preset (see: losslab list studies)")
    .option("--workers <n>", "worker threads (default: as many as cores)", positive("--workers"))
    .addOption(
      new Option("--until <rule>", "add seeds in blocks until all claims, or else the answer, are decided").choices(
        RULES,
      ),
    )
    .option("--max-seeds <n>", "the most seeds, with --until (default: 30)", atLeast(2, "--max-seeds"))
    .option("--accept-changed-data", "begin a new run where data have changed under an interrupted one")
    .option("--json", "print newline-delimited JSON events instead")
    .option("--no-report", "write no report.html")
    .addHelpText(
      "after",
      `
Stop it at any time; the same command goes on from the last finished epoch. What is in the store is not trained again.

Examples:
  losslab run quickstart
  losslab run my-study.yaml --set seeds=5 --set epochs=40
  losslab run my-study.yaml --until decided --max-seeds 30
  LOSSLAB_DATA=~/data losslab run activations-and-losses
`,
    )
    .action(async (study: string, flags: Flags) => {
      // A thread makes itself ready while the program is loaded and the study is read.
      const { startWorker } = await import("../../lab/start-worker.ts");
      const worker = startWorker();
      const { runCommand } = await import("../run-command.ts");
      const { settings, ...others } = studyOptions(flags);
      await runCommand(study, { ...flags, worker, options: { ...others, settings: [...settings, ...until(flags)] } });
    });
