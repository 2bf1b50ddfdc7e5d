import { writeFileSync } from "node:fs";
import { encode } from "fast-png";
import { findTrial } from "../export/find-trial.ts";
import { trainedTrial } from "../export/trained-trial.ts";
import { dataAgain } from "../lab/landscape.ts";
import { zooWith } from "../lab/own-losses.ts";
import type { PreparedData } from "../lab/prepare.ts";
import { memberOf } from "../run/members.ts";
import { type Mistake, mistakes } from "../run/mistakes.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { openStore } from "../store/store.ts";
import { percent, plural } from "../util/format.ts";
import type { MistakesFlags } from "./commands/mistakes.ts";
import { downloadProgress } from "./download-progress.ts";
import { paint } from "./paint.ts";
import { table } from "./table.ts";

/** An example as a picture in an address; null of what is none. Values that are no bytes are shown from the least to the greatest. */
function picture({ cohort, training }: PreparedData, index: number): string | null {
  if (cohort.shape.length !== 3) return null;
  const [channels, height, width] = cohort.shape;
  if (channels !== 1 && channels !== 3) return null;
  const size = channels * height * width;
  const values = training.images.subarray(index * size, (index + 1) * size);
  const [low, high] = values instanceof Uint8Array ? [0, 255] : [Math.min(...values), Math.max(...values)];
  const data = new Uint8Array(size);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let c = 0; c < channels; c++)
      data[pixel * channels + c] = Math.round((255 * (values[c * height * width + pixel] - low)) / (high - low || 1));
  return `data:image/png;base64,${Buffer.from(encode({ width, height, channels, depth: 8, data })).toString("base64")}`;
}

export async function mistakesCommand(what: string, flags: MistakesFlags): Promise<void> {
  const store = await openStore(flags.store, { readOnly: true });
  let found: Mistake[];
  let data: PreparedData;
  let trial: string;
  try {
    const stored = await findTrial(store, what);
    const { state } = await trainedTrial(store, stored);
    trial = stored.trial.id;
    data = await dataAgain({
      ...(flags.data && { dataDir: flags.data }),
      ...(flags.own && { own: flags.own }),
      onDownload: downloadProgress,
    })(stored.trial);
    const member = memberOf(stored.trial, await zooWith(flags.code));
    found = await mistakes({ member, state }, { facts: data.cohort, training: data.training }, nodeBackend());
  } finally {
    await store.close();
  }
  const examples = data.training.test.length;
  const shown = found.slice(0, flags.most);
  const named = (k: number): string => data.classNames[k] ?? String(k);
  if (flags.out) {
    const listed = shown.map(({ index, is, taken, confidence }) => ({
      place: data.training.test.indexOf(index),
      is: named(is),
      taken: named(taken),
      confidence,
      png: picture(data, index),
    }));
    writeFileSync(flags.out, JSON.stringify({ trial, examples, wrong: found.length, mistakes: listed }));
    return;
  }
  const rows = shown.map(({ index, is, taken, confidence }) => [
    String(data.training.test.indexOf(index)),
    named(is),
    named(taken),
    percent(confidence),
  ]);
  if (rows.length > 0) console.log(`${table(["test example", "class", "taken for", "confidence, %"], rows, "rllr")}\n`);
  console.log(paint.bold(`${found.length} of ${plural(examples, "test example")} are misclassified.`));
}
