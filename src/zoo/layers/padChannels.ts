import { pad } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { requiredNumber } from "../entry.ts";
import { layer } from "./layer.ts";
import { images } from "./shapes.ts";

/** Channels of zeros after those of the input. */
export const padChannels = layer({
  name: "padChannels",
  title: "padChannels",
  summary: "Channels of zeros after those of the input.",
  primary: "channels",
  params: { channels: requiredNumber("number of channels with those of the input", { min: 1, integer: true }) },
  build(input, { channels }) {
    const [given, height, width] = images(input);
    if (channels < given) throw new UserError(`${channels} channels are fewer than the input's ${given}`);
    return { output: [channels, height, width], apply: (x) => pad(x, 1, 0, channels) };
  },
});
