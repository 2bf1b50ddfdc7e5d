import { Command } from "commander";

/** Tells what this machine has. */
export const doctor = (): Command =>
  new Command("doctor")
    .description("Check this machine: versions, processor, engine back ends, data sets found.")
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .action(async (flags: { data?: string }) => {
      const { doctorCommand } = await import("../doctor-command.ts");
      await doctorCommand(flags.data ?? process.env.LOSSLAB_DATA);
    });
