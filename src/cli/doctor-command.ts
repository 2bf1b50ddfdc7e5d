import { freemem } from "node:os";
import { problemWith } from "../lab/device.ts";
import { environment } from "../lab/environment.ts";
import { evaluateLoss, onRuntime } from "../library/plain.ts";
import { devices } from "../run/devices.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { bytes } from "../util/format.ts";
import { dataCommand } from "./data-command.ts";
import { paint } from "./paint.ts";

export async function doctorCommand(dataDir?: string): Promise<void> {
  const facts = { ...environment(), "free memory": bytes(freemem()) };
  for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(12)}  ${value}`);

  // One loss and its gradient in the runtime against the float64 reference: the engine works here or it does not.
  const values = {
    logits: [
      [2, -1, 0.5],
      [0, 0, 3],
    ],
    targets: [0, 1],
  };
  const expected = evaluateLoss("ce", values);
  const got = await onRuntime(nodeBackend()).evaluateLoss("ce", values);
  const error = Math.abs(got.mean - expected.mean);
  const works = error < 1e-5;
  console.log(
    `${"engine".padEnd(12)}  ${works ? paint.green("works") : paint.red(`differs from its reference by ${error}`)}`,
  );
  if (!works) process.exitCode = 1;
  const { channelBlock } = (await nodeBackend().dialect?.()) ?? {};
  const kernels = channelBlock ? `direct, in blocks of ${channelBlock} channels` : "standard operators only";
  console.log(`${"convolutions".padEnd(12)}  ${kernels}`);

  // Each device, by a small graph in a process of its own.
  const problems = await Promise.all(devices.map(problemWith));
  console.log("\ndevices");
  devices.forEach((device, i) => {
    console.log(`  ${device.padEnd(10)}  ${problems[i] ?? paint.green("works")}`);
  });

  console.log(`\ndata ${dataDir ? `in ${dataDir}` : "(LOSSLAB_DATA is not set)"}`);
  await dataCommand("info", [], dataDir);
}
