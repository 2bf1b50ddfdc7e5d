/** The data of a stored trial, prepared as it is trained on them. */
import { isOwnPath } from "../data/own/path.ts";
import type { Trial } from "../run/records.ts";
import type { DataSpec } from "../study/spec.ts";
import { UserError } from "../util/errors.ts";
import { type DataOptions, loader } from "./datasets.ts";
import { type PreparedData, preparer } from "./prepare.ts";

/**
 * @param options `dataDir` also holds data of one's own, of which a trial knows the name alone; without it they are looked for here
 * @throws UserError when the data are not here, or not those that the trial is trained on
 */
export async function trialData({ id, data, seed }: Trial, options: DataOptions): Promise<PreparedData> {
  const { version, ...spec } = data as DataSpec & { version: string };
  const dataset = await loader(options.dataDir ?? ".", options)(spec);
  if (dataset.version !== version) {
    const whose = isOwnPath(spec.set)
      ? `${spec.set} has been changed, or is another of the same name`
      : `${spec.set} differs`;
    throw new UserError(
      `${whose}: its version is ${dataset.version.slice(0, 12)}, the trial's data had ${version.slice(0, 12)}`,
      `trial ${id}`,
      "train it again with the data as they are now",
    );
  }
  return preparer(() => dataset)(spec, seed);
}
