import { number } from "../entry.ts";
import { schedule } from "./schedule.ts";

/** Falls by a factor every so many epochs. */
export const step = schedule({
  name: "step",
  title: "step",
  summary: "Falls by a factor every so many epochs.",
  formula: "f^{\\lfloor e / n \\rfloor}",
  primary: "every",
  params: {
    every: number("epochs between the falls", { default: 10, above: 0 }),
    factor: number("what the learning rate is multiplied by", { default: 0.1, above: 0, max: 1 }),
  },
  factor: (epoch, _, { every, factor }) => factor ** Math.floor(epoch / every),
});
