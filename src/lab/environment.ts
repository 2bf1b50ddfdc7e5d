import { arch, cpus, platform, totalmem } from "node:os";
import { env } from "onnxruntime-node";
import { version } from "../../package.json";
import { ENGINE_VERSION } from "../study/plan.ts";
import { bytes } from "../util/format.ts";

/** What a run's numbers and times may depend on. */
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
