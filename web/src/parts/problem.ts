import { errorsOf, UserError } from "../../../src/util/errors.ts";

/** What was wrong with what the user said, to be shown beside it; anything else is a bug and thrown on. */
export function problemOf(error: unknown): { problem: string } {
  if (!(error instanceof UserError)) throw error;
  return {
    problem: errorsOf(error)
      .map((e) => e.message)
      .join("\n"),
  };
}
