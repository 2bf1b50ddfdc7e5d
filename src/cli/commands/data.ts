import { Command } from "commander";

/** Where the data sets are, fetching and checking them. */
export const data = (): Command => {
  const command = new Command("data").description("Show where data sets are found, download them, check them.");
  const sub = (name: string, description: string, argument: string): Command =>
    command
      .command(name)
      .description(description)
      .argument(argument, "names of data sets (see: losslab list datasets)")
      .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
      .action(async (names: string[], flags: { data?: string }) => {
        const { dataCommand } = await import("../data-command.ts");
        await dataCommand(name as "info" | "fetch" | "verify", names, flags.data ?? process.env.LOSSLAB_DATA);
      });
  sub("info", "where each data set was found, or which files are missing", "[sets...]");
  sub("fetch", "download what is missing into the cache, resumed and verified", "<sets...>");
  sub("verify", "compare the files with their official checksums", "[sets...]");
  return command.addHelpText(
    "after",
    `
Examples:
  losslab data info
  losslab data fetch mnist
  losslab data verify cifar10 --data ~/data
`,
  );
};
