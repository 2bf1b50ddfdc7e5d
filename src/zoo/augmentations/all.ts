import { slice } from "../../tensor/index.ts";
import type { MemberSpec } from "../entry.ts";
import { listWithin } from "../within.ts";
import { type Augmentation, augmentation } from "./augmentation.ts";

/** Several augmentations, one after the other: `{ all: [flip, { crop: 4 }] }`. */
export const all = augmentation({
  name: "all",
  title: "all of",
  summary: "Several augmentations, one after the other: { all: [flip, { crop: 4 }] }.",
  primary: "list",
  params: {
    list: listWithin<Augmentation>({ kind: "augmentation" }, "augmentations in the order in which they are applied"),
  },
  examples: [{ list: ["flip", { crop: 4 }] }, { list: ["mixup", { cutout: 3 }, "flip"] }],
  draws: ({ list }, shape) => list.flatMap(({ entry, params }) => entry.draws(params, shape)),
  apply(batch, drawn, { list }, context) {
    let at = 0;
    return list.reduce((result, { entry, params }) => {
      const count = entry.draws(params, batch.x.shape.slice(1)).length;
      const own = count > 0 ? slice(drawn, 1, at, at + count) : drawn;
      at += count;
      return entry.apply(result, own, params, context);
    }, batch);
  },
  label: ({ list }: { list: MemberSpec[] }, labelOf) => list.map(labelOf).join(" + "),
});
