/** What training can run on. */
export const devices = ["cpu", "webgpu", "cuda"] as const;
export type Device = (typeof devices)[number];

/** A device that was asked for, and the one that serves. */
export interface DeviceChoice {
  asked: Device;
  used: Device;
  /** Why they differ, where they do. */
  reason?: string;
}

/** What is to be told of a choice; nothing where the device serves that was asked for. */
export const fallbackNote = ({ asked, used, reason }: DeviceChoice): string | undefined =>
  reason && `${asked} cannot be used here: ${reason}; training on ${used} instead`;
