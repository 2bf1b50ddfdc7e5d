import { Command } from "commander";
import { withStore } from "../options.ts";

/** Takes a run out of the queue. */
export const cancel = (): Command =>
  withStore(new Command("cancel"))
    .description("Take a run's jobs out of the queue; finished epochs are kept.")
    .argument("[run]", "a run's id or its beginning, or a study's name (default: the newest run)")
    .option("--reason <text>", "is kept and shown", "on request")
    .addHelpText(
      "after",
      `
Workers stop at their next heartbeat. The same \`losslab run --queue\` goes on from the last finished epochs.

Examples:
  losslab cancel 20260131-120000-1a2b --store postgres://lab@db/losslab
`,
    )
    .action(async (run: string | undefined, { store: place, reason }: { store: string; reason: string }) => {
      const { openStore } = await import("../../store/store.ts");
      const { plural } = await import("../../util/format.ts");
      const store = await openStore(place);
      try {
        const { id } = await store.run(run);
        console.log(`${plural(await store.cancel(id, reason), "job")} of run ${id} cancelled`);
      } finally {
        await store.close();
      }
    });
