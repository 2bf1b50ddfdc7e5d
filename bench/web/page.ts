import { remote } from "../../web/src/rpc.ts";
import type { LosslabSide } from "./losslab.worker.ts";
import { turn, version } from "./tensorflow.ts";

const losslab = remote<LosslabSide>(new Worker(new URL("./losslab.worker.ts", import.meta.url), { type: "module" }));

Object.assign(globalThis, {
  sides: { version, isolated: crossOriginIsolated, losslab: losslab.turn, tensorflow: turn },
});
