/** One line per kind of imbalance; nothing else needs to know of it. */
export { longTail } from "./longTail.ts";
export { step } from "./step.ts";
