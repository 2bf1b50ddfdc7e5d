/** Everything a study can name. */
import type { Activation } from "./activations/activation.ts";
import * as activations from "./activations/index.ts";
import type { Attack } from "./attacks/attack.ts";
import * as attacks from "./attacks/index.ts";
import type { Augmentation } from "./augmentations/augmentation.ts";
import * as augmentations from "./augmentations/index.ts";
import type { Clipping } from "./clippings/clipping.ts";
import * as clippings from "./clippings/index.ts";
import * as losses from "./losses/index.ts";
import type { Loss } from "./losses/loss.ts";
import * as models from "./models/index.ts";
import type { Model } from "./models/model.ts";
import * as optimizers from "./optimizers/index.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import * as schedules from "./schedules/index.ts";
import type { Schedule } from "./schedules/schedule.ts";
import * as warmStarts from "./warmStarts/index.ts";
import type { WarmStart } from "./warmStarts/warmStart.ts";

export interface Zoo {
  losses: Record<string, Loss>;
  activations: Record<string, Activation>;
  optimizers: Record<string, Optimizer>;
  clippings: Record<string, Clipping>;
  augmentations: Record<string, Augmentation>;
  models: Record<string, Model>;
  schedules: Record<string, Schedule>;
  warmStarts: Record<string, WarmStart>;
  attacks: Record<string, Attack>;
}

/** The members that come with losslab. A user's own losses are added to a copy of it. */
export const zoo: Zoo = {
  losses,
  activations,
  optimizers,
  clippings,
  augmentations,
  models,
  schedules,
  warmStarts,
  attacks,
} as unknown as Zoo;
