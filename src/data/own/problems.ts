import { UserError, UserErrors } from "../../util/errors.ts";
import { count } from "../../util/format.ts";

/** So many problems of one kind are told one by one; the others are counted. */
const MOST_OF_A_KIND = 10;

/** What is wrong with data, gathered so that one reading reports all of it. */
export class Problems {
  readonly #kinds = new Map<string, { told: UserError[]; untold: number }>();

  /**
   * @param kind what problems that a reader would mend together share
   * @param where the file, and the place in it
   */
  add(kind: string, message: string, where: string, hint?: string): void {
    const known = this.#kinds.get(kind) ?? { told: [], untold: 0 };
    this.#kinds.set(kind, known);
    if (known.told.length < MOST_OF_A_KIND) known.told.push(new UserError(message, where, hint));
    else known.untold++;
  }

  /** What `read` gives; a mistake that it throws is gathered, and undefined given. */
  try<T>(kind: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.add(kind, error.message, error.where ?? "", error.hint);
      return undefined;
    }
  }

  get none(): boolean {
    return this.#kinds.size === 0;
  }

  /** @throws UserErrors with everything that was gathered */
  throwIfAny(): void {
    if (this.none) return;
    throw new UserErrors(
      [...this.#kinds].flatMap(([kind, { told, untold }]) =>
        untold > 0 ? [...told, new UserError(`… and ${count(untold)} more: ${kind}`)] : told,
      ),
    );
  }
}
