import { warmStart } from "./warmStart.ts";

/** No training before. */
export const fresh = warmStart({
  name: "fresh",
  title: "fresh weights",
  summary: "Fresh weights for every trial.",
  params: {},
  before: () => null,
});
