import { Command, Option } from "commander";
import { atLeast } from "../options.ts";

interface Flags {
  classes: number;
  json?: boolean;
  format: "svg" | "html";
  out?: string;
  allowCode?: boolean;
}

/** Shows what float32 makes of losses far from 0. */
export const stability = (): Command =>
  new Command("stability")
    .description(
      "Compare losses and gradients in float32 with float64 at logits of ±1 to ±10 000, and with exp and log written out.",
    )
    .argument("[losses...]", "as in study files: ce, focal=2, '{ hinge: { delta: 5 } }' (default: all of them)")
    .option("--classes <n>", "the target and others whose logits are 0", atLeast(2, "--classes"), 10)
    .option("--json", "print one JSON object instead of tables; draws only with --out")
    .addOption(new Option("--format <format>", "svg or html").choices(["svg", "html"]).default("svg"))
    .option("--out <file>", "the picture (default: stability.svg or stability.html)")
    .option("--allow-code", "let a loss be named by its file")
    .addHelpText(
      "after",
      `
Examples:
  losslab stability
  losslab stability ce 'focal.gamma=[0.5,2]'
  losslab stability --format html --out stability.html
`,
    )
    .action(async (losses: string[], flags: Flags) => {
      const { stabilityCommand } = await import("../stability-command.ts");
      await stabilityCommand(losses, flags);
    });
