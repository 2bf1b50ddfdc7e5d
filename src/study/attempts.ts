import { UserError, UserErrors } from "../util/errors.ts";
import type { SaidStudy } from "./parse.ts";

/** Reads parts of a file, each on its own, so that all that is wrong with them is told at once. */
export function attempts({ where }: Pick<SaidStudy, "where">) {
  const errors: UserError[] = [];
  return {
    /** What is made of the part at this path, in a list; none, if it is wrong. */
    attempt<T>(path: (string | number)[], make: () => T): T[] {
      try {
        return [make()];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const place = where({ path, message: error.message });
        errors.push(new UserError(error.message, [place, error.where].filter(Boolean).join(", "), error.hint));
        return [];
      }
    },

    /** Says that something is wrong where no single part is. */
    refuse(message: string, place: string): void {
      errors.push(new UserError(message, place));
    },

    /** @throws UserErrors if anything was wrong */
    end(): void {
      if (errors.length > 0) throw new UserErrors(errors);
    },
  };
}
