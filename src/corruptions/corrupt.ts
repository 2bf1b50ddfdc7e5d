import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { random } from "../util/random.ts";
import type { Corruption, Image, Severity } from "./corruption.ts";
import * as corruptions from "./index.ts";

const members: Readonly<Record<string, Corruption>> = corruptions;

export interface CorruptionOptions {
  severity: Severity;
  seed: number;
  /** Which image of its set it is: every image has random numbers of its own. */
  index: number;
}

/**
 * An image as it comes out of a corruption, in [0, 1]: a pure function of image, corruption, severity, seed and index, wherever and in
 * whatever order it is called.
 * @returns values in the order of the image's
 * @throws UserError for a corruption or a severity that there is not
 */
export function corrupt(name: string, image: Image, { severity, seed, index }: CorruptionOptions): Float32Array {
  if (!Object.hasOwn(members, name))
    throw new UserError(`there is no corruption "${name}"`, undefined, suggest(name, Object.keys(members)));
  const { strengths, apply } = members[name];
  if (strengths[severity - 1] === undefined)
    throw new UserError(`${name}: severity must be 1, 2, 3, 4 or 5, got ${severity}`);
  const expected = image.shape.reduce((a, b) => a * b, 1);
  if (image.values.length !== expected)
    throw new UserError(
      `an image of ${image.values.length} values has not the shape [${image.shape.join(", ")}], which takes ${expected}`,
    );
  const values = apply(image, strengths[severity - 1], random(seed, "corruption", name, index));
  return Float32Array.from(values, (x) => Math.min(1, Math.max(0, x)));
}
