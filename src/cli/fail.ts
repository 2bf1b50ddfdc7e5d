import { errorsOf, UserError } from "../util/errors.ts";
import { paint } from "./paint.ts";

/** Prints a mistake of the user's as a message and exits with 2; a bug keeps its stack trace. */
export function fail(error: unknown): never {
  if (error instanceof UserError) {
    for (const { message, where, hint } of errorsOf(error)) {
      const lines = [
        `${paint.red("error")}  ${message}`,
        where && `       ${where}`,
        hint && `       ${paint.dim(hint)}`,
      ];
      console.error(lines.filter(Boolean).join("\n"));
    }
    process.exit(2);
  }
  console.error(error);
  process.exit(1);
}
