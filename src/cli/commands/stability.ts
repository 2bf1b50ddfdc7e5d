import { Command } from "commander";
import { atLeast } from "../options.ts";
import { type DrawingFlags, withDrawing } from "../write-drawing.ts";

interface Flags extends DrawingFlags {
  classes: number;
  allowCode?: boolean;
}

/** Shows what float32 makes of losses far from 0. */
export const stability = (): Command =>
  withDrawing(new Command("stability"), "stability")
    .description(
      "Compare losses and gradients in float32 with float64 at logits of ±1 to ±10 000, and with exp and log written out.",
    )
    .argument("[losses...]", "as in study files: ce, focal=2, '{ hinge: { delta: 5 } }' (default: all of them)")
    .option("--classes <n>", "the target and others whose logits are 0", atLeast(2, "--classes"), 10)
    .option("--allow-code", "let a loss be named by its file")
    .addHelpText(
      "after",
      `
Examples:
  losslab stability
  losslab stability ce 'focal.gamma=[0.5,2]'
  losslab stability --out stability.html
`,
    )
    .action(async (losses: string[], flags: Flags) => {
      const { stabilityCommand } = await import("../stability-command.ts");
      await stabilityCommand(losses, flags);
    });
