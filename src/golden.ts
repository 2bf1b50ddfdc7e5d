/** `npm run check:golden -- DIR [--strict]`: replays reference numbers of other programs. Exits 1 on a difference, 2 on bad input. */
import { parseArgs } from "node:util";
import { readGolden } from "./golden/files.ts";
import { type Outcome, replay } from "./golden/replay.ts";
import { exitCode, type FileOutcomes, report } from "./golden/report.ts";
import { nodeBackend } from "./run/node-backend.ts";
import { UserError } from "./util/errors.ts";

const USAGE = "usage: npm run check:golden -- DIR [--strict]";

function options(): { directory: string; strict: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { strict: { type: "boolean" } } });
    if (positionals.length === 1) return { directory: positionals[0], strict: values.strict ?? false };
  } catch (error) {
    throw new UserError((error as Error).message, undefined, USAGE);
  }
  throw new UserError("expected one directory with golden files", undefined, USAGE);
}

async function main(): Promise<number> {
  const { directory, strict } = options();
  const backend = nodeBackend();
  const files: FileOutcomes[] = [];
  for (const file of readGolden(directory)) {
    if (file.kind === null) {
      console.error(`${file.name}: not a golden file, left out`);
      continue;
    }
    const begun = performance.now();
    const outcomes: Outcome[] = [];
    for await (const outcome of replay(file, backend)) outcomes.push(outcome);
    files.push({ file: file.name, outcomes, seconds: (performance.now() - begun) / 1000 });
  }
  console.log(report(files));
  return exitCode(files, strict);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.error([error.where, error.message, error.hint].filter(Boolean).join(": "));
    process.exitCode = 2;
  },
);
