/** One catalogue per language, all of one shape: a message that is missing is a type error. */
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Messages = typeof en;
export const messages = { en, zh } satisfies Record<string, Messages>;
export type Language = keyof typeof messages;
