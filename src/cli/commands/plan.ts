import { Command } from "commander";
import { type StudyFlags, studyOptions, withDevice, withStudyOptions } from "../options.ts";

/** Shows what a study comes to, before anything trains. */
export const plan = (): Command =>
  withDevice(withStudyOptions(new Command("plan")))
    .description("Show a study's trials, cohorts, expected memory and time; trains nothing.")
    .argument("<study>", "a study file, or the name of a preset")
    .option("--json", "print one JSON object instead")
    .addHelpText(
      "after",
      `
Examples:
  losslab plan quickstart
  losslab plan my-study.yaml --set seeds=10
  losslab plan my-study.yaml --json
`,
    )
    .action(async (study: string, flags: StudyFlags & { json?: boolean }) => {
      const { planCommand } = await import("../plan-command.ts");
      await planCommand(study, studyOptions(flags), flags.json ?? false);
    });
