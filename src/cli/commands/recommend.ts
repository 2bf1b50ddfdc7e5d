import { Command, Option } from "commander";
import { UserError } from "../../util/errors.ts";
import { positive, type StudyFlags, studyOptions, withDevice, withStudyOptions } from "../options.ts";

export interface RecommendFlags extends StudyFlags {
  budget: number;
  out?: string;
  measure?: "accuracy" | "balancedAccuracy";
  workers?: number;
  json?: boolean;
}

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** `90s`, `10m`, `1.5h` in seconds. */
export function seconds(value: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(value) ?? [];
  if (amount === undefined || Number(amount) === 0)
    throw new UserError(`must be a time such as 90s, 10m or 1.5h, got "${value}"`, "--budget");
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** Compares losses on somebody's data and says which to use. */
export const recommend = (): Command =>
  withDevice(withStudyOptions(new Command("recommend")))
    .description(
      "Say which loss to use for some data: looks at them, tunes and compares losses that suit, within a time.",
    )
    .argument("<data>", "a data set's name, a folder of pictures, or a .csv, .tsv, .npz or .npy file")
    .option("--budget <time>", "time to spend: 90s, 10m, 1.5h", seconds, 600)
    .option("--out <dir>", "folder for study, report, model and store (default: recommend-NAME)")
    .addOption(
      new Option(
        "--measure <name>",
        "what losses are judged by (default: accuracy; of unbalanced classes balancedAccuracy)",
      ).choices(["accuracy", "balancedAccuracy"]),
    )
    .option("--workers <n>", "worker threads (default: as many as cores)", positive("--workers"))
    .option("--json", "print the recommendation as one JSON object")
    .addHelpText(
      "after",
      `
Writes DIR/study.yaml, report.html, recommendation.md, recommendation.json and model.onnx. Stop it at any time; the same command goes on.

Examples:
  losslab recommend digits --set data.train=2000 --budget 2m
  losslab recommend ./flowers --set data.resize=32 --budget 30m
  losslab recommend ./iris.csv --out iris
`,
    )
    .action(async (data: string, flags: RecommendFlags) => {
      const { startWorker } = await import("../../lab/start-worker.ts");
      const worker = startWorker();
      const { recommendCommand } = await import("../recommend-command.ts");
      await recommendCommand(data, { ...flags, worker, options: studyOptions(flags) });
    });
