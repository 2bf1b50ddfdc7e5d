import { Command, CommanderError } from "commander";
import fc from "fast-check";
import * as commands from "../../../src/cli/commands/index.ts";
import { clear, type Kind } from "../fuzz.ts";

/** The command line's grammar, with commands that do nothing. */
function program(): Command {
  const silent = { writeOut() {}, writeErr() {} };
  const root = new Command("losslab").exitOverride().configureOutput(silent);
  const quiet = (command: Command): Command => {
    command.exitOverride().configureOutput(silent);
    if (command.commands.length === 0) command.action(() => {});
    for (const sub of command.commands) quiet(sub);
    return command;
  };
  for (const command of Object.values(commands)) root.addCommand(quiet(command()));
  return root;
}

const known = program().commands.flatMap((command) => [
  command.name(),
  ...[command, ...command.commands].flatMap((c) => [
    c.name(),
    ...c.options.flatMap((o) => [o.long ?? "", o.short ?? ""]),
  ]),
]);
const WORDS = [
  ...new Set(known),
  "--",
  "-",
  "",
  "__proto__",
  "constructor",
  "--__proto__=1",
  "quickstart",
  "a=1",
  "-1",
  "1e999",
  "4GB",
  "NaN",
  "32x32",
  "../../x",
  "\0",
];

export const arguments_: Kind<string[]> = {
  name: "arguments",
  few: 150,
  many: 20_000,
  inputs: fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 6 })), {
    maxLength: 8,
  }),
  attempt: (words) =>
    clear(async () => {
      try {
        await program().parseAsync(words, { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error; // told by commander, with exit code 2
      }
    }),
};
