import { Command, Option } from "commander";
import type { Slice } from "../../run/landscape.ts";
import type { SplitName } from "../../run/observations.ts";
import { UserError } from "../../util/errors.ts";
import { atLeast, positive, withStore } from "../options.ts";
import { type DrawingFlags, withDrawing } from "../write-drawing.ts";

export interface LandscapeFlags extends DrawingFlags {
  store: string;
  dimensions: "1" | "2";
  points?: number;
  radius: number;
  split: SplitName;
  examples: number | "all";
  seed: Slice["seed"];
  data?: string;
  own?: string;
  code: string[];
}

function radius(value: string): number {
  const r = Number(value);
  if (Number.isFinite(r) && r > 0) return r;
  throw new UserError(`must be a number > 0, got "${value}"`, "--radius");
}

/** The trained weights themselves are the middle one. */
function odd(value: string): number {
  const n = atLeast(3, "--points")(value);
  if (n % 2 === 1) return n;
  throw new UserError(
    `must be odd, so that the trained weights are the middle one, got ${n}`,
    "--points",
    `for example ${n + 1}`,
  );
}

/** Draws the loss around trained weights. */
export const landscape = (): Command =>
  withDrawing(withStore(new Command("landscape")), "landscape")
    .description("Show loss and accuracy around the weights of trained trials: a line or a plane through them.")
    .argument(
      "[what...]",
      "trials: their ids or the beginnings of these; or a run: likewise, or a study's name: the trials of its first seed (default: the newest run)",
    )
    .addOption(new Option("--dimensions <n>", "1: a line, 2: a plane").choices(["1", "2"]).default("1"))
    .option("--points <n>", "along each direction, an odd number (default: 41 on a line, 21 in a plane)", odd)
    .option("--radius <r>", "how far to both sides, in lengths of the filters", radius, 1)
    .addOption(
      new Option("--split <name>", "examples of which split").choices(["train", "validation", "test"]).default("train"),
    )
    .addOption(
      new Option("--examples <n>", "at most so many, equally from all classes; all for every one")
        .argParser((value) => (value === "all" ? value : positive("--examples")(value)))
        .default(1000),
    )
    .option("--seed <n>", "of the directions and the examples, the same for all trials", atLeast(0, "--seed"), 0)
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--own <path>", "where data of your own lie that the trials were trained on")
    .option(
      "--code <file>",
      "a loss of your own that a trial was trained with, as code to be run; may be repeated",
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .addHelpText(
      "after",
      `
Random directions are normalized filter by filter (Li et al., 2018); biases and normalizations stay as trained.

Examples:
  losslab landscape                                        every configuration of the newest run, on a line
  losslab landscape 3f2a9c 81d0e4 --dimensions 2           two trials, planes beside each other
  losslab landscape quickstart --split test --examples all --out landscape.html
`,
    )
    .action(async (what: string[], flags: LandscapeFlags) => {
      const { landscapeCommand } = await import("../landscape-command.ts");
      await landscapeCommand(what, flags);
    });
