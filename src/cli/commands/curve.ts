import { Command } from "commander";
import { atLeast } from "../options.ts";
import { type DrawingFlags, withDrawing } from "../write-drawing.ts";

interface Flags extends DrawingFlags {
  classes: number;
  allowCode?: boolean;
}

/** Draws losses as functions of one number. */
export const curve = (): Command =>
  withDrawing(new Command("curve"), "curve")
    .description("Show losses and their gradients as functions of the target's probability and margin.")
    .argument("<losses...>", "as in study files: ce, focal=2, focal.gamma=[0.5,2], '{ hinge: { delta: 5 } }'")
    .option("--classes <n>", "the target and others that are equally likely", atLeast(2, "--classes"), 2)
    .option("--allow-code", "let a loss be named by its file")
    .addHelpText(
      "after",
      `
Examples:
  losslab curve ce mae focal=2
  losslab curve ce 'focal.gamma=[0.5,2]' --classes 10
  losslab curve hinge '{ hinge: { delta: 5 } }' --format html
`,
    )
    .action(async (losses: string[], flags: Flags) => {
      const { curveCommand } = await import("../curve-command.ts");
      await curveCommand(losses, flags);
    });
