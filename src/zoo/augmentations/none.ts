import { augmentation } from "./augmentation.ts";

/** Examples as they are. */
export const none = augmentation({
  name: "none",
  title: "no augmentation",
  summary: "Examples as they are.",
  params: {},
  draws: () => [],
  apply: (batch) => batch,
});
