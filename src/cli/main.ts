/**
 * The command line. Each command is a file in commands/; what it works with is imported when it runs, so that help is quick.
 */
import { Command } from "commander";
import { version } from "../../package.json";
import * as commands from "./commands/index.ts";
import { fail } from "./fail.ts";

// What a package will drop one day (pg: ~/.pgpass) is nothing that the user could do something about.
process.noDeprecation = true;

const program = new Command("losslab")
  .description("A laboratory for classification losses: declare a comparison, run it, get an answer that holds.")
  .version(version)
  .showHelpAfterError("(losslab COMMAND --help shows what a command takes)")
  .addHelpText(
    "after",
    `
Examples:
  losslab run quickstart                     four losses on drawn digits, about a minute
  losslab init my-study.yaml                 write a commented study file, then: losslab run my-study.yaml
  losslab run activations-and-losses --set data.validation=0 --set seeds=3
  losslab results                            the ranking of the newest run
`,
  );
for (const command of Object.values(commands)) program.addCommand(command());

// A closed pipe (`losslab results | head`) is no mistake.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

program.exitOverride((error) => {
  process.exit(error.exitCode === 0 ? 0 : 2);
});
for (const command of program.commands) {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
}
await program.parseAsync().catch(fail);
