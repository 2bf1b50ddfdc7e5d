import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { total } from "./sums.ts";

/** Top-1 error (0 … 1) at each severity, by corruption. */
export type CorruptionErrors = Readonly<Record<string, readonly number[]>>;

/** Σ_s E_s of a model and of the reference for each corruption. */
function sums(errors: CorruptionErrors, reference: CorruptionErrors): [name: string, own: number, reference: number][] {
  const names = Object.keys(errors);
  if (names.length === 0) throw new UserError("there are no errors; expected those of at least one corruption");
  return names.map((name) => {
    if (!Object.hasOwn(reference, name))
      throw new UserError(
        `the reference has no errors for "${name}"`,
        undefined,
        suggest(name, Object.keys(reference)),
      );
    if (reference[name].length !== errors[name].length)
      throw new UserError(`${name}: ${errors[name].length} severities, and ${reference[name].length} of the reference`);
    return [name, total(errors[name]), total(reference[name])];
  });
}

/**
 * The errors under each corruption in units of a reference's: difficult corruptions weigh no more than easy ones.
 *
 *     CE_c = Σ_s E_s,c / Σ_s E_s,c(reference)
 *
 * Hendrycks and Dietterich, 2019, arXiv:1903.12261 (reference: AlexNet). Here any model can be, such as the one that was
 * trained by cross-entropy.
 */
export const corruptionError = (errors: CorruptionErrors, reference: CorruptionErrors): Record<string, number> =>
  Object.fromEntries(sums(errors, reference).map(([name, own, other]) => [name, own / other]));

/** Mean corruption error, mCE: the mean of the corruption errors; 1 for the reference itself. The same paper. */
export function meanCorruptionError(errors: CorruptionErrors, reference: CorruptionErrors): number {
  const all = Object.values(corruptionError(errors, reference));
  return total(all) / all.length;
}

/**
 * Relative mCE: what corruption adds to the error on clean images, in units of what it adds to the reference's. The same paper.
 *
 *     mean_c  Σ_s (E_s,c - E_clean) / Σ_s (E_s,c(reference) - E_clean(reference))
 */
export function relativeCorruptionError(
  errors: CorruptionErrors,
  clean: number,
  reference: CorruptionErrors,
  referenceClean: number,
): number {
  const all = sums(errors, reference).map(([name, own, other]) => {
    const severities = errors[name].length;
    return (own - severities * clean) / (other - severities * referenceClean);
  });
  return total(all) / all.length;
}
