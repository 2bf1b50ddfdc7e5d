/** The store as others change it: opened when it is there, opened anew when its file is another, and counted. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { isDatabaseUrl } from "../store/place.ts";
import { openStore, type Store } from "../store/store.ts";

const POLL_MS = 400;
/** That a process was killed no commit tells: it is seen by looking at who is alive. */
const LOOK_MS = 4000;

export interface Watch {
  /** Null while there is no store in the folder. */
  store(): Promise<Store | null>;
  /** Higher after each change that was noticed. */
  revision(): number;
  /** Something changed that the store does not tell. */
  touch(): void;
  /** @returns how to stop listening */
  subscribe(listener: () => void): () => void;
  close(): Promise<void>;
}

export function watch(dir: string): Watch {
  const listeners = new Set<() => void>();
  let open: { store: Store; inode: number; version: number } | null = null;
  let opening: Promise<void> | null = null;
  // From the clock: a page that was connected to an earlier dashboard sees that this is another.
  let revision = Date.now();
  let looked = Date.now();
  let alive = "";
  let closed = false;

  /** Another number is another file; a database is always the same one. */
  const inodeOf = (): number | null =>
    isDatabaseUrl(dir) ? 0 : (statSync(join(dir, "losslab.sqlite"), { throwIfNoEntry: false })?.ino ?? null);

  function touch(): void {
    revision++;
    for (const listener of listeners) listener();
  }

  async function refresh(): Promise<void> {
    const inode = inodeOf();
    if (open && open.inode !== inode) {
      const { store } = open;
      open = null;
      touch();
      await store.close();
    }
    if (!open && inode !== null && !closed) {
      const store = await openStore(dir, { readOnly: true });
      open = { store, inode, version: await store.dataVersion() };
      touch();
    }
    if (!open) return;
    const [version, before] = [await open.store.dataVersion(), alive];
    if (version !== open.version || Date.now() - looked > LOOK_MS) {
      looked = Date.now();
      const [holders, workers] = [await open.store.holders(), await open.store.workers()];
      alive = [...holders.keys(), ...workers.filter((worker) => worker.alive).map(({ id }) => id)].join();
    }
    if (version === open.version && alive === before) return;
    open.version = version;
    touch();
  }

  /** One at a time: what asks meanwhile gets the answer of the one under way. */
  const current = (): Promise<void> => {
    opening ??= refresh().finally(() => {
      opening = null;
    });
    return opening;
  };

  const timer = setInterval(() => {
    if (listeners.size === 0) return;
    // A store that cannot be opened now says so to who asks for it.
    current().catch(() => {});
  }, POLL_MS);
  timer.unref();

  return {
    async store() {
      await current();
      return open?.store ?? null;
    },
    revision: () => revision,
    touch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await opening?.catch(() => {});
      await open?.store.close();
      open = null;
    },
  };
}
