import { number } from "../entry.ts";
import { schedule } from "./schedule.ts";

/** Falls along half a cosine to the minimum at the end. Loshchilov and Hutter, 2017, arXiv:1608.03983, eq. 5, without restarts. */
export const cosine = schedule({
  name: "cosine",
  title: "cosine",
  summary: "Falls along half a cosine to a minimum at the end.",
  formula: "m + (1-m)(1 + \\cos(\\pi e/E))/2",
  reference: "Loshchilov and Hutter, 2017, arXiv:1608.03983, eq. 5",
  primary: "minimum",
  params: { minimum: number("factor at the end", { default: 0, min: 0, max: 1 }) },
  factor: (epoch, epochs, { minimum }) =>
    minimum + ((1 - minimum) * (1 + Math.cos((Math.PI * Math.min(epoch, epochs)) / epochs))) / 2,
});
