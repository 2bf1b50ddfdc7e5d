import { Command } from "commander";
import type { Device } from "../../run/devices.ts";
import { atLeast, positive, withDevice, withStore } from "../options.ts";

export interface WorkerFlags {
  store: string;
  workers?: number;
  data?: string;
  device: Device;
  lease: number;
  drain?: boolean;
  json?: boolean;
}

/** Trains what is in the queue of a store. */
export const worker = (): Command =>
  withDevice(withStore(new Command("worker")))
    .description("Train cohorts from the queue of a store, which `losslab run --queue` fills.")
    .option("--workers <n>", "cohorts at a time (default: as many as cores)", positive("--workers"))
    .option("--data <dir>", "folder of real data, and of the studies' own data (default: $LOSSLAB_DATA)")
    .option("--lease <seconds>", "after so long a silence others take its cohorts up", atLeast(1, "--lease"), 60)
    .option("--drain", "end when the queue is empty")
    .option("--json", "print newline-delimited JSON events instead")
    .addHelpText(
      "after",
      `
Stop it at any time: its cohorts go back to the queue, and whoever takes them goes on from their last finished epoch.

Examples:
  losslab worker --store postgres://lab@db/losslab --data /data
  LOSSLAB_STORE=postgres://lab@db/losslab losslab worker --workers 8 --drain
`,
    )
    .action(async (flags: WorkerFlags) => {
      const { workerCommand } = await import("../worker-command.ts");
      await workerCommand(flags);
    });
