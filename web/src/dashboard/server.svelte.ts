/** What the dashboard's server says: asked once, and again whenever something has changed. */
import type { ChangeEvent, Refusal } from "../../../src/dashboard/api.ts";

/** Whether a dashboard serves these pages. */
export const served = document.querySelector('meta[name="losslab-dashboard"]') !== null;

export class Refused extends Error {
  constructor(
    readonly status: number,
    { error, hint }: Refusal,
  ) {
    super(hint ? `${error} (${hint})` : error);
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return response.json();
  const said: Refusal = await response.json().catch(() => ({ error: `${response.status} ${response.statusText}` }));
  throw new Refused(response.status, said);
}

export const get = async <T>(path: string): Promise<T> => answer<T>(await fetch(path));

export const post = async <T>(path: string, body: object = {}): Promise<T> =>
  answer<T>(
    await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );

const live = $state({ connected: true, revision: 0 });

/** Whether changes arrive, and the number of the latest. */
export const connected = (): boolean => live.connected;
export const revision = (): number => live.revision;

let events: EventSource | undefined;
/** A browser tries again by itself after a lost connection, but not after a refusal: then we do. */
const RETRY_MS = 2000;

/** Begins to listen, once. */
export function listen(): void {
  if (!served || (events && events.readyState !== EventSource.CLOSED)) return;
  events = new EventSource("api/events");
  events.addEventListener("change", ({ data }) => {
    live.connected = true;
    live.revision = (JSON.parse(data) as ChangeEvent).revision;
  });
  events.onerror = () => {
    live.connected = false;
    if (events?.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  };
}

export interface Resource<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  /** When the value was had. */
  readonly at: Date | undefined;
}

/** Between two askings at least so long, and at least as long as the last one took. */
const PAUSE_MS = 700;

/**
 * What an address answers, asked again after changes; while it is asked the value of before stays.
 * To be made while a component is.
 */
export function resource<T>(path: () => string | null): Resource<T> {
  // Raw: what arrives is large, and is replaced as a whole.
  let state = $state.raw<{ value?: T; error?: string; at?: Date }>({});
  let wanted: string | null = null;
  let known = 0;
  let abort: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ready = 0;

  async function ask(): Promise<void> {
    timer = undefined;
    const own = new AbortController();
    abort = own;
    const began = performance.now();
    try {
      const response = await fetch(wanted!, { signal: own.signal });
      const value = await answer<T>(response);
      known = Number(response.headers.get("x-losslab-revision"));
      state = { value, at: new Date() };
    } catch (error) {
      if (own.signal.aborted) return;
      known = revision();
      state = { ...state, error: error instanceof Error ? error.message : String(error) };
    }
    ready = performance.now() + Math.max(PAUSE_MS, performance.now() - began);
    abort = undefined;
    again();
  }

  /** Asks when there is something newer, unless that is under way. */
  function again(): void {
    if (wanted === null || abort || timer || revision() <= known) return;
    timer = setTimeout(ask, Math.max(0, ready - performance.now()));
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    abort?.abort();
    abort = undefined;
  }

  $effect(() => {
    const asked = path();
    if (asked === wanted) return;
    stop();
    // What was asked before is no answer to this, but better than nothing for as long as it takes.
    wanted = asked;
    if (asked !== null) ask();
  });
  $effect(() => {
    revision();
    again();
  });
  $effect(() => stop);
  return {
    get value() {
      return state.value;
    },
    get error() {
      return state.error;
    },
    get at() {
      return state.at;
    },
  };
}
