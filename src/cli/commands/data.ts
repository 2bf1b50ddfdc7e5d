import { Command } from "commander";
import { UserError } from "../../util/errors.ts";

interface InspectFlags {
  label?: string;
  ignore?: string[];
  resize?: number[];
  sheet?: string;
  data?: string;
  json?: boolean;
}

/** One or two sides in pixels: `32`, `24x32`. */
function sides(value: string): number[] {
  const read = value.split("x").map(Number);
  if (read.length <= 2 && read.every((side) => Number.isInteger(side) && side >= 1 && side <= 1024)) return read;
  throw new UserError(`must be a side in pixels or HEIGHTxWIDTH, got "${value}"`, "--resize");
}

/** Where the data sets are, fetching and checking them; what data are, one's own too. */
export const data = (): Command => {
  const command = new Command("data").description(
    "Show where data sets are found, download them, check them; show what data of your own are.",
  );
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
  command
    .command("inspect")
    .description("what data are: shape, classes, examples of each; or all that is wrong with them")
    .argument("<data>", "name of a data set, or path of your own: a folder, .csv, .tsv, .npz")
    .option("--label <column>", "tables: the column of the classes")
    .option("--ignore <columns...>", "tables: columns that are no features")
    .option("--resize <side>", "pictures: scale all to this side, or to HEIGHTxWIDTH", sides)
    .option("--sheet <file>", "draw examples of each class into a PNG")
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--json", "print JSON instead")
    .action(async (set: string, { data: dataDir, sheet, json, resize, label, ignore }: InspectFlags) => {
      const { inspectCommand } = await import("../inspect-command.ts");
      const [side, other] = resize ?? [];
      const choice = {
        set,
        ...(label !== undefined && { label }),
        ...(ignore !== undefined && { ignore }),
        ...(side !== undefined && { resize: other === undefined ? side : ([side, other] as const) }),
      };
      await inspectCommand(choice, { ...(dataDir && { dataDir }), ...(sheet && { sheet }), ...(json && { json }) });
    });
  return command.addHelpText(
    "after",
    `
Examples:
  losslab data info
  losslab data fetch mnist
  losslab data verify cifar10 --data ~/data
  losslab data inspect ./flowers --resize 32 --sheet flowers.png
  losslab data inspect ./iris.csv --label species
`,
  );
};
