import { schedule } from "./schedule.ts";

/** The learning rate as given. */
export const constant = schedule({
  name: "constant",
  title: "constant",
  summary: "The learning rate as given.",
  formula: "1",
  params: {},
  factor: () => 1,
});
