/** What a trial's weights may come from, by the names of study files. */
export { after } from "./after.ts";
export { fresh } from "./fresh.ts";
