/** Data sets that need no file, in memory. Runs in a browser. */
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import type { Dataset, DatasetSource, GeneratorOptions } from "./dataset.ts";
import * as sources from "./datasets/index.ts";

const embedded: readonly DatasetSource[] = Object.values(sources).filter(({ files }) => files.length === 0);

async function* nothing(): AsyncGenerator<never> {}

/** Draws an embedded data set. */
export async function embeddedDataset(name: string, options: GeneratorOptions = {}): Promise<Dataset> {
  const source = embedded.find((one) => one.name === name);
  if (!source) {
    const names = embedded.map((one) => one.name);
    throw new UserError(
      `"${name}" is no data set that is drawn; the others need their files`,
      undefined,
      suggest(name, names),
    );
  }
  const { title, classes, shape, version } = source;
  return { name, title, classes, shape, version: version!, ...(await source.decode(nothing(), options)) };
}
