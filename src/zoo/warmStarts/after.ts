import { z } from "zod";
import * as optimizers from "../optimizers/index.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { within } from "../within.ts";
import { warmStart } from "./warmStart.ts";

/**
 * The network is trained by another optimizer first, with the same loss, mini-batches and schedule; then the trial's own optimizer, which
 * begins anew, goes on from there. It is what a program does that forgets to reset its network between two optimizers: here it is said.
 */
export const after = warmStart({
  name: "after",
  title: "after",
  summary: "The weights that a training by another optimizer left.",
  primary: "optimizer",
  params: {
    optimizer: within<Optimizer>({ kind: "optimizer", zoo: () => optimizers }, "what trains before", "sgd"),
    epochs: z
      .number()
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe("epochs of the training before; null for as many as the trial has"),
  },
  before: ({ optimizer, epochs }, own) => ({ optimizer, epochs: epochs ?? own }),
  label: ({ optimizer, epochs }, labelOf) =>
    `after ${epochs === null ? "" : `${epochs} epochs of `}${labelOf(optimizer)}`,
});
