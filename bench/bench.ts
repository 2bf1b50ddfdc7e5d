/**
 * All that is claimed of losslab's speed, in one run: `npm run bench -- [--json FILE] [--repeats 3] [--only NAME,NAME]`.
 * The names are those of the studies in bench/works.ts, and those of the parts below.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cohortSizes } from "./cohort-sizes.ts";
import { dataSizes } from "./data-sizes.ts";
import { epochs, startTorch } from "./epoch.ts";
import { machineFacts, sgemmPeak } from "./machine.ts";
import type { Side } from "./side.ts";
import { startup } from "./startup.ts";
import { tensorflow } from "./tensorflow.ts";
import { works } from "./works.ts";

const parts: Record<string, (repeats: number) => Promise<unknown>> = {
  "cohort-sizes": cohortSizes,
  "data-sizes": dataSizes,
  tensorflow,
  startup,
};

const { values } = parseArgs({
  options: { json: { type: "string" }, repeats: { type: "string", default: "3" }, only: { type: "string" } },
});
const names = [...works.map(({ study }) => study.name), ...Object.keys(parts)];
const chosen = values.only?.split(",") ?? names;
const repeats = Number(values.repeats);
const wrong = chosen.find((name) => !names.includes(name));
const problem = !process.env.LOSSLAB_DATA
  ? "LOSSLAB_DATA is not set: this benchmark trains on MNIST and CIFAR-10 (see: losslab data)"
  : wrong !== undefined
    ? `there is nothing called "${wrong}" to measure; expected ${names.join(", ")}`
    : !(Number.isInteger(repeats) && repeats >= 1)
      ? `--repeats must be a whole number >= 1, got "${values.repeats}"`
      : undefined;
if (problem) {
  console.error(problem);
  process.exit(2);
}

const compared = works.filter(({ study }) => chosen.includes(study.name));
const torch = compared.length > 0 ? startTorch() : undefined;
const sides = torch ? (Object.values(torch) as Side[]) : [];
try {
  let versions: Record<string, string> | undefined = compared.length > 0 ? undefined : {};
  for (const side of sides) versions = await side.answer();
  const peak = await sgemmPeak();
  const command = ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" ");
  const machine = machineFacts(command, peak, versions);
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(12)} ${value}`);
  const measured: Record<string, unknown> = {};
  if (compared.length > 0) measured.epochs = await epochs(compared, peak, torch, repeats);
  for (const side of sides.splice(0)) side.stop();
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.includes(name)) measured[name] = await part(repeats);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, ...measured }, null, 2)}\n`);
} finally {
  for (const side of sides) side.stop();
}
