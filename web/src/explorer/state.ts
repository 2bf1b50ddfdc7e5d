import type { Spec } from "../../../src/run/records.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { membersField } from "../parts/members.ts";
import { type Fields, numberField, wordField } from "../state.ts";

/** As many as can be told apart. */
export const MOST_LOSSES = 8;

/** What the explorer shows. */
export interface ExplorerState {
  loss: Spec[];
  classes: number;
  axis: "linear" | "log";
  /** The probability at which values are read. */
  p: number;
  /** What the maps of three classes show. */
  map: "value" | "gradient";
}

export const explorerFields: Fields<ExplorerState> = {
  loss: membersField(
    "loss",
    zoo.losses,
    [{ ce: {} }, { focal: { gamma: 2 } }, { mae: {} }, { hinge: {} }],
    MOST_LOSSES,
  ),
  classes: numberField(2, { min: 2, max: 1000, integer: true }),
  axis: wordField("linear", ["linear", "log"]),
  p: numberField(0.2, { min: 0.001, max: 0.999 }),
  map: wordField("value", ["value", "gradient"]),
};
