import { Argument, Command } from "commander";
import { oneOf } from "../options.ts";

const KINDS = [
  "losses",
  "activations",
  "optimizers",
  "clippings",
  "augmentations",
  "schedules",
  "warmStarts",
  "models",
  "layers",
  "initializers",
  "attacks",
  "corruptions",
  "noises",
  "imbalances",
  "datasets",
  "studies",
] as const;

/** Shows what a study may name. */
export const list = (): Command =>
  new Command("list")
    .description("List what a study can name, with parameters, formulas and sources.")
    .addArgument(new Argument("<what>", KINDS.join(", ")).argParser(oneOf(KINDS, "what")))
    .argument("[name]", "one of them, in full")
    .option("--json", "print JSON instead")
    .addHelpText(
      "after",
      `
Examples:
  losslab list losses
  losslab list losses focal
  losslab list optimizers
  losslab list studies
`,
    )
    .action(async (what: (typeof KINDS)[number], name: string | undefined, { json = false }: { json?: boolean }) => {
      const { listCommand } = await import("../list-command.ts");
      await listCommand(what, name, json);
    });
