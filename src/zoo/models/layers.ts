import * as all from "../layers/index.ts";
import type { Layer } from "../layers/layer.ts";
import { listWithin } from "../within.ts";
import { model } from "./model.ts";

/** A model spelled out layer by layer; the last must give one output for each class. */
export const layers = model({
  name: "layers",
  title: "layers",
  summary: "A model spelled out layer by layer.",
  primary: "list",
  params: {
    list: listWithin<Layer>(
      { kind: "layer", zoo: () => all },
      'layers in order: "flatten", { dense: 10 }, { conv2d: { filters: 6, kernel: 5 } }, "activation", …',
    ),
  },
  layers: (_, __, { list }) => list.map(({ spec }) => spec),
});
