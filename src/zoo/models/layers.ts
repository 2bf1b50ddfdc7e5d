import { z } from "zod";
import { model } from "./model.ts";

/** A model spelled out layer by layer; the last must give one output for each class. */
export const layers = model({
  name: "layers",
  title: "layers",
  summary: "A model spelled out layer by layer.",
  primary: "list",
  params: {
    list: z
      .array(z.union([z.string(), z.record(z.string(), z.unknown())]))
      .min(1)
      .describe('layers in order: "flatten", { dense: 10 }, { conv2d: { filters: 6, kernel: 5 } }, "activation", …'),
  },
  layers: (_, __, { list }) => list,
});
