import { arch, cpus, platform, totalmem } from "node:os";
import { env } from "onnxruntime-node";
import { version } from "../../package.json";
import type { DeviceChoice } from "../run/devices.ts";
import { ENGINE_VERSION } from "../study/plan.ts";
import { bytes } from "../util/format.ts";

/** What the numbers and times of a run here may depend on. */
export const environment = (): Record<string, string> => ({
  losslab: version,
  engine: ENGINE_VERSION,
  onnxruntime: env.versions.node ?? "unknown",
  node: process.versions.node,
  platform: `${platform()} ${arch()}`,
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: String(cpus().length),
  memory: bytes(totalmem()),
});

/** The same for a run on a device. */
export const environmentOn = ({ asked, used }: DeviceChoice): Record<string, string> => ({
  ...environment(),
  device: used,
  ...(asked !== used && { "device asked for": asked }),
});
