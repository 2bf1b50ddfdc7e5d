/** Everything that is fuzzed. */
import type { Kind } from "../fuzz.ts";
import { archive } from "./archive.ts";
import { arguments_ } from "./arguments.ts";
import { claim } from "./claim.ts";
import { formula } from "./formula.ts";
import { ownData } from "./own-data.ts";
import { requests } from "./requests.ts";
import { safetensors } from "./safetensors.ts";
import { setting } from "./setting.ts";
import { study } from "./study.ts";

export const kinds = [
  study,
  setting,
  formula,
  claim,
  ...ownData,
  archive,
  safetensors,
  arguments_,
  requests,
] as readonly Kind[];
