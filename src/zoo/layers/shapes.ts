/** What kind of inputs a layer needs. `layer` puts the layer's name before the messages. */
import type { Shape } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";

export function images(input: Shape): readonly [channels: number, height: number, width: number] {
  if (input.length !== 3) throw new UserError(`needs images [C,H,W], got [${input.join(",")}]`);
  return [input[0], input[1], input[2]];
}

export function flat(input: Shape): readonly [size: number] {
  if (input.length !== 1) throw new UserError(`needs flat inputs, got [${input.join(",")}]; put flatten before it`);
  return [input[0]];
}
