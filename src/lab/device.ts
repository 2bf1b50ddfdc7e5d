/** Which devices this machine has, found out by running a small graph on each. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { listSupportedBackends } from "onnxruntime-node";
import type { Device, DeviceChoice } from "../run/devices.ts";
import { built } from "../util/package.ts";

const TIME_LIMIT_MS = 60_000;

/** What the runtime's messages come down to; others are shown as they are. */
const CAUSES: [pattern: RegExp, meaning: string][] = [
  [/WebGPU adapter/, "no graphics adapter that WebGPU can use was found (through Vulkan, Metal or Direct3D 12)"],
  [/load shared library/, "the runtime's CUDA libraries are not installed, or do not load"],
];

/** Why a device cannot be used here; undefined where it can. */
export async function problemWith(device: Device): Promise<string | undefined> {
  if (!listSupportedBackends().some(({ name }) => name === device)) {
    return `onnxruntime-node has no such provider for ${process.platform} ${process.arch}`;
  }
  const probe = fileURLToPath(built("device-probe.js", import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [probe, device], { timeout: TIME_LIMIT_MS });
    const { problem } = JSON.parse(stdout.trim().split("\n").at(-1)!) as { problem?: string };
    return problem && (CAUSES.find(([pattern]) => pattern.test(problem))?.[1] ?? problem.split("\n")[0]);
  } catch (error) {
    const { killed, signal, code } = error as { killed?: boolean; signal?: string; code?: number };
    return killed
      ? `a small graph was not done after ${TIME_LIMIT_MS / 1000} s`
      : `a small graph ended the process (${signal ?? `exit code ${code}`})`;
  }
}

/** The device that was asked for if it works here; else the processor. */
export async function chooseDevice(asked: Device): Promise<DeviceChoice> {
  // CUDA would multiply with 10 bits of mantissa where the processor has 24; its libraries read this when they are loaded.
  if (asked === "cuda") process.env.NVIDIA_TF32_OVERRIDE ??= "0";
  const reason = asked === "cpu" ? undefined : await problemWith(asked);
  return reason ? { asked, used: "cpu", reason } : { asked, used: asked };
}
