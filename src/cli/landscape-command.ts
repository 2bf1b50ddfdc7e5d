import { findTrial } from "../export/find-trial.ts";
import { trainedTrial } from "../export/trained-trial.ts";
import { dataAgain, trialLandscape } from "../lab/landscape.ts";
import { zooWith } from "../lab/own-losses.ts";
import { styles } from "../report/configurations.ts";
import {
  type DrawnLandscape,
  type LandscapeFacts,
  landscapeAnswer,
  landscapeDocument,
  landscapePicture,
  landscapeTable,
} from "../report/landscape.ts";
import { plainText } from "../report/text.ts";
import { trialLabels } from "../report/trial-labels.ts";
import { coordinates } from "../run/landscape.ts";
import { nodeBackend } from "../run/node-backend.ts";
import type { Trial } from "../run/records.ts";
import { openStore, type Store, type StoredTrial } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { jsonNumber, plural } from "../util/format.ts";
import { canonicalJson } from "../util/hash.ts";
import type { LandscapeFlags } from "./commands/landscape.ts";
import { downloadProgress } from "./download-progress.ts";
import { paint } from "./paint.ts";
import { documentTable } from "./table.ts";
import { drawingFile, writeDrawing } from "./write-drawing.ts";

/** More pictures beside each other show nothing. */
const MOST_TRIALS = 12;
const POINTS = { "1": 41, "2": 21 };

/** The trials of a run's first seed that were trained to their end. */
async function trialsOfRun(store: Store, wanted?: string): Promise<StoredTrial[]> {
  const { run, trials } = await store.results(wanted, { confusions: false, history: false });
  const done = trials.filter(({ status }) => status === "done");
  if (done.length === 0) throw new UserError("has no trained trial yet", `run ${run.id} (${run.study})`);
  const first = done.filter(({ trial }) => trial.seed === done[0].trial.seed);
  if (first.length <= MOST_TRIALS) return first;
  throw new UserError(
    `has ${plural(first.length, "configuration")}; a picture has room for ${MOST_TRIALS}`,
    `run ${run.id} (${run.study})`,
    "name trials: their ids stand in losslab results --csv",
  );
}

/** The trials that are meant, each once. */
async function meant(store: Store, what: readonly string[]): Promise<StoredTrial[]> {
  const [only, ...more] = what;
  if (only === undefined) return trialsOfRun(store);
  if (more.length === 0 && (await store.trialsBeginning(only)).length === 0) {
    const known = await store.run(only).catch((error: unknown) => {
      throw error instanceof UserError
        ? new UserError(`no trial, run or study "${only}"`, error.where, error.hint)
        : error;
    });
    return trialsOfRun(store, known.id);
  }
  const found = new Map<string, StoredTrial>();
  for (const word of what) {
    const trial = await findTrial(store, word);
    found.set(trial.trial.id, trial);
  }
  if (found.size <= MOST_TRIALS) return [...found.values()];
  throw new UserError(`${found.size} trials are named; a picture has room for ${MOST_TRIALS}`);
}

/** What tells the trials apart; their seeds too where they have several. */
function labelsOf(trials: readonly Trial[]): string[] {
  const labels = trialLabels(trials);
  const seeds = new Set(trials.map(({ seed }) => seed)).size > 1;
  return trials.map(({ id, seed }) => [labels.get(id)!, ...(seeds ? [`seed ${seed}`] : [])].join(", "));
}

export async function landscapeCommand(what: readonly string[], flags: LandscapeFlags): Promise<void> {
  const { dimensions, radius, seed, split, json = false, points = POINTS[dimensions] } = flags;
  const out = drawingFile("landscape", flags);
  const slice = { dimensions: Number(dimensions) as 1 | 2, points, radius, seed };
  const zoo = await zooWith(flags.code);
  const store = await openStore(flags.store, { readOnly: true });
  const drawn: DrawnLandscape[] = [];
  let examples = 0;
  let trials: Trial[];
  try {
    const stored = await meant(store, what);
    trials = stored.map(({ trial }) => trial);
    const dataOf = dataAgain({ ...flags, ...(flags.data && { dataDir: flags.data }), onDownload: downloadProgress });
    const labels = labelsOf(trials);
    const looks = styles(trials);
    for (const [i, { trial }] of stored.entries()) {
      const { state } = await trainedTrial(store, stored[i]);
      const found = { state, data: await dataOf(trial) };
      const all = points ** slice.dimensions;
      const onProgress = (done: number): void => tell(`${labels[i]}: ${done} of ${all} points`, i, stored.length);
      const measured = await trialLandscape(
        trial,
        found,
        { ...flags, ...slice },
        { zoo, backend: nodeBackend(), onProgress },
      );
      examples = measured.examples;
      drawn.push({ ...measured, label: labels[i], trial: trial.id, style: looks[i] });
    }
  } finally {
    tell("");
    await store.close();
  }
  const severalLosses = new Set(trials.map(({ loss }) => canonicalJson(loss))).size > 1;
  const facts: LandscapeFacts = { slice, split, examples, severalLosses };
  if (json) {
    const asJson = ({ trial, label, loss, accuracy }: DrawnLandscape) => ({
      trial,
      label,
      loss: loss.map(jsonNumber),
      accuracy,
    });
    console.log(
      JSON.stringify({ ...slice, split, examples, coordinates: coordinates(slice), trials: drawn.map(asJson) }),
    );
  } else {
    for (const measure of ["loss", "accuracy"] as const) {
      const { caption, ...table } = landscapeTable(drawn, facts, measure);
      console.log(`${paint.bold(plainText(caption))}\n${documentTable(table)}\n`);
    }
    console.log(paint.bold(`${landscapeAnswer(drawn, facts)}.`));
  }
  if (!out) return;
  await writeDrawing(out, await landscapePicture(drawn, facts), (picture) => landscapeDocument(drawn, facts, picture));
  if (!json) console.log(`\npicture  ${paint.bold(out.file)}`);
}

/** A line that is rewritten in place; none where nobody looks. */
function tell(text: string, trial = 0, trials = 1): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[2K${text && trials > 1 ? `${trial + 1}/${trials}  ` : ""}${text}`);
}
