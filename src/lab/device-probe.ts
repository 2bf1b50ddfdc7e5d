/** A process of its own, `node device-probe.js DEVICE`, for a faulty driver may take the process down. Says on standard output what is wrong. */
import type { Device } from "../run/devices.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { agree, trySample } from "../run/sample.ts";

const device = process.argv[2] as Device;
try {
  const expected = await trySample(nodeBackend());
  const same = agree(await trySample(nodeBackend(1, device)), expected);
  console.log(JSON.stringify(same ? {} : { problem: "it computes other numbers than the processor" }));
} catch (error) {
  console.log(JSON.stringify({ problem: (error as Error).message }));
}
