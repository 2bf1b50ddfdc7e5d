/**
 * A process that reads the store for the dashboard and makes views of what it finds. That takes seconds where there are thousands of
 * trials, and the dashboard goes on to answer meanwhile. What is large is handed over as JSON.
 */
import { type Language, wordsIn } from "../report/words/index.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { answerOn } from "../util/rpc.ts";
import { type Selection, selections } from "./selection.ts";
import { confusionView, trialView } from "./trial-view.ts";
import {
  type CurvesWanted,
  claimsView,
  curvesView,
  factsOf,
  pairsView,
  rankingView,
  runView,
  trialsView,
} from "./views.ts";
import { watch } from "./watch.ts";

const watched = watch(process.env.LOSSLAB_STORE!);
const selected = selections();

async function opened(): Promise<Store> {
  const store = await watched.store();
  if (!store) throw new UserError("the store was removed");
  return store;
}

const trial =
  <A extends unknown[]>(view: (store: Store, id: string, ...args: A) => Promise<object>) =>
  async (id: string, ...args: A): Promise<string> =>
    JSON.stringify(await view(await opened(), id, ...args));

async function chosen(ids: readonly string[], keep = true): Promise<{ store: Store; selection: Selection }> {
  const store = await opened();
  return { store, selection: await selected(store, ids, watched.revision(), keep) };
}

const runs =
  <A extends unknown[]>(view: (store: Store, selection: Selection, ...args: A) => object | Promise<object>) =>
  async (ids: readonly string[], ...args: A): Promise<string> => {
    const { store, selection } = await chosen(ids);
    return JSON.stringify(await view(store, selection, ...args));
  };

const handlers = {
  facts: async (id: string) => factsOf((await chosen([id], false)).selection),
  run: async (ids: readonly string[]) => runView((await chosen(ids)).selection),
  curves: runs((store, selection, wanted: CurvesWanted) => curvesView(store, selection, wanted)),
  ranking: runs((_, selection, language: Language) => rankingView(selection, wordsIn(language))),
  pairs: runs((_, selection, most: number) => pairsView(selection, most)),
  trials: runs(trialsView),
  claims: runs((store, selection, language: Language) => claimsView(store, selection, wordsIn(language))),
  trial: trial(trialView),
  confusion: trial(confusionView),
};
export type Reads = typeof handlers;

process.on("SIGINT", () => {}); // Ctrl-C is told to all of a terminal: the dashboard ends this process
process.on("disconnect", () => process.exit());
answerOn(
  {
    send: (message) => process.send!(message, undefined, undefined, () => {}), // a dashboard that is gone needs no answer
    listen: (heard) => process.on("message", heard),
  },
  handlers,
);
watched.store().catch(() => {}); // so that nobody waits for that; what is wrong is told to who asks
