/** Pictures from the worker that draws them. */
import type { TopLevelSpec } from "vega-lite";

type Waiting = { resolve: (svg: string) => void; reject: (error: Error) => void };

let worker: Worker | undefined;
let count = 0;
const waiting = new Map<number, Waiting>();

function started(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./draw.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<{ id: number; svg?: string; error?: string }>) => {
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if (data.svg !== undefined) resolve(data.svg);
    else reject(new Error(data.error));
  };
  return worker;
}

// Its script is fetched while the data are: the server may be busy afterwards.
started();

/** The picture as SVG that takes its colours from the page. */
export const drawn = (spec: TopLevelSpec): Promise<string> =>
  new Promise((resolve, reject) => {
    const id = ++count;
    waiting.set(id, { resolve, reject });
    started().postMessage({ id, spec });
  });
