import { Command, Option } from "commander";
import type { Language } from "../../report/words/languages.ts";
import type { stoppingRules } from "../../study/until.ts";
import { UserError } from "../../util/errors.ts";
import {
  atLeast,
  positive,
  type StudyFlags,
  size,
  studyOptions,
  wholeNumber,
  withDevice,
  withLanguage,
  withStore,
  withStudyOptions,
} from "../options.ts";
import type { QueueFlags } from "../run-command.ts";

interface Flags extends StudyFlags {
  store: string;
  workers?: number;
  memory?: number;
  until?: string;
  maxSeeds?: number;
  acceptChangedData?: boolean;
  queue?: boolean;
  detach?: boolean;
  priority?: number;
  attempts?: number;
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

/** How the queue is to be filled; undefined where nothing is to go there. */
function queueOf({ queue, detach = false, priority, attempts, workers }: Flags): QueueFlags | undefined {
  if (queue) {
    if (workers === undefined) return { detach, priority: priority ?? 0, mostAttempts: attempts ?? 5 };
    throw new UserError("are not started by --queue", "--workers", "losslab worker --workers N");
  }
  const alone = { "--detach": detach || undefined, "--priority": priority, "--attempts": attempts };
  for (const [flag, value] of Object.entries(alone))
    if (value !== undefined) throw new UserError("says how the queue is filled", flag, `--queue ${flag}`);
  return undefined;
}

/** Trains what a study asks for and ends with the answer. */
export const run = (): Command =>
  withLanguage(withDevice(withStore(withStudyOptions(new Command("run")))))
    .description("Train everything a study asks for, then print the ranking and write the report.")
    .argument("<study>", "a study file, - for standard input, or the name of a preset (see: losslab list studies)")
    .option("--workers <n>", "worker threads (default: as many as cores)", positive("--workers"))
    .option("--memory <size>", "memory to make do with, as 4GB or 500MB (default: what is free)", size("--memory"))
    .addOption(
      new Option("--until <rule>", "add seeds in blocks until all claims, or else the answer, are decided").choices(
        RULES,
      ),
    )
    .option("--max-seeds <n>", "the most seeds, with --until (default: 30)", atLeast(2, "--max-seeds"))
    .option("--accept-changed-data", "begin a new run where data have changed under an interrupted one")
    .option("--queue", "let workers train, on any machine (see: losslab worker)")
    .option("--detach", "with --queue: fill the queue and end", false)
    .option("--priority <n>", "with --queue: higher ones are trained first (default: 0)", wholeNumber("--priority"))
    .option(
      "--attempts <n>",
      "with --queue: so often a cohort is taken up without finishing an epoch (default: 5)",
      positive("--attempts"),
    )
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
  losslab run my-study.yaml --store postgres://lab@db/losslab --queue
  LOSSLAB_DATA=~/data losslab run activations-and-losses
`,
    )
    .action(async (study: string, flags: Flags) => {
      const queue = queueOf(flags);
      // A thread makes itself ready while the program is loaded and the study is read.
      const { startWorker } = await import("../../lab/start-worker.ts");
      const worker = queue ? undefined : startWorker();
      const { runCommand } = await import("../run-command.ts");
      const { settings, ...others } = studyOptions(flags);
      const { queue: _, ...shown } = flags;
      await runCommand(study, {
        ...shown,
        ...(worker && { worker }),
        ...(queue && { queue }),
        options: { ...others, settings: [...settings, ...until(flags)] },
      });
    });
