/** The zoo's schedules, and clippings of gradients, in Python. */

import type { Clipping } from "../../zoo/clippings/clipping.ts";
import type * as clippings from "../../zoo/clippings/index.ts";
import type { Chosen } from "../../zoo/entry.ts";
import type * as schedules from "../../zoo/schedules/index.ts";
import type { Schedule } from "../../zoo/schedules/schedule.ts";
import { definition, lines, num } from "./python.ts";

// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Writer = (params: any) => string;

/** The factor of the learning rate by `epoch`, finished epochs with their fraction, and all `epochs`. */
const FACTORS = {
  constant: () => "1.0",
  cosine: ({ minimum }) => {
    const half = "(1 + math.cos(math.pi * epoch / epochs)) / 2";
    return minimum === 0 ? half : `${num(minimum)} + (1 - ${num(minimum)}) * ${half}`;
  },
  step: ({ every, factor }) => `${num(factor)} ** (epoch // ${num(every)})`,
} satisfies Record<keyof typeof schedules, Writer> as Record<string, Writer>;

/** `learning_rate_factor(step, epochs)`; null where the learning rate never changes. */
export function scheduleFunction({ entry, params }: Chosen<Schedule>): string | null {
  const warmUp = params.warmUp as number;
  if (entry.name === "constant" && warmUp === 0) return null;
  const factor = FACTORS[entry.name](params);
  return definition(
    "learning_rate_factor(step, epochs)",
    "What the learning rate is multiplied by at a step, counted from 0.",
    lines(
      "epoch = step / STEPS_PER_EPOCH",
      ...(warmUp === 0
        ? [`return ${factor}`]
        : [
            `factor = ${factor}`,
            `if epoch < ${num(warmUp)}:  # warm-up`,
            `    factor *= min(1, (step + 1) / max(1, ${num(warmUp)} * STEPS_PER_EPOCH))`,
            "return factor",
          ]),
    ),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as above
type ClippingWriter = (params: any) => string | null;

const CLIPPINGS = {
  none: () => null,
  norm: ({ max }) => `nn.utils.clip_grad_norm_(network.parameters(), ${num(max)})`,
  value: ({ max }) => `nn.utils.clip_grad_value_(network.parameters(), ${num(max)})`,
} satisfies Record<keyof typeof clippings, ClippingWriter> as Record<string, ClippingWriter>;

/** The statement between backward pass and step, if any. */
export const clippingStatement = ({ entry, params }: Chosen<Clipping>): string | null => CLIPPINGS[entry.name](params);
