import { Command } from "commander";
import { UserError } from "../../util/errors.ts";

/** Tells what this machine has, and what is wrong with a store. */
export const doctor = (): Command =>
  new Command("doctor")
    .description("Check this machine: versions, processor, engine back ends, data sets found. Or check a store.")
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--store <dir>", "check a store instead: its tables, epochs, checkpoints")
    .option("--repair", "with --store: mend what can be mended; a damaged file is kept beside the new one")
    .addHelpText(
      "after",
      `
Examples:
  losslab doctor
  losslab doctor --store .losslab
  losslab doctor --store .losslab --repair
`,
    )
    .action(async ({ data, store, repair }: { data?: string; store?: string; repair?: boolean }) => {
      if (store !== undefined) {
        const { storeDoctorCommand } = await import("../store-doctor-command.ts");
        return storeDoctorCommand(store, repair ?? false);
      }
      if (repair)
        throw new UserError("says what to do with a store", "--repair", "losslab doctor --store .losslab --repair");
      const { doctorCommand } = await import("../doctor-command.ts");
      return doctorCommand(data ?? process.env.LOSSLAB_DATA);
    });
