/** A mistake of the user's, not of the program's: printed as one clear message without a stack trace, exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  /**
   * @param message what is wrong, what was found and what was expected
   * @param where the place the user can go to, for example `study.yaml:7:12  loss[2].focal.gama`
   * @param hint how to mend it, for example `did you mean "gamma"?`
   */
  constructor(
    message: string,
    readonly where?: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Several mistakes found in one reading, reported together so that the user mends them in one go. */
export class UserErrors extends UserError {
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((e) => [e.where, e.message, e.hint].filter(Boolean).join(": ")).join("\n"));
  }
}

/** The single mistakes of an error. */
export const errorsOf = (error: UserError): readonly UserError[] =>
  error instanceof UserErrors ? error.errors : [error];
