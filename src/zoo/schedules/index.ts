/** All learning-rate schedules, by the names of study files. */
export { constant } from "./constant.ts";
export { cosine } from "./cosine.ts";
export { step } from "./step.ts";
