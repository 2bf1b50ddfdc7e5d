import { type Text, t, type Who } from "../../text.ts";
import type { Outcomes } from "../kinds.ts";
import { counted, named } from "./grammar.ts";

const STATUSES = { diverged: "diverged", failed: "failed", skipped: "skipped", running: "running", planned: "planned" };

/** `2 of 3 diverged, 1 failed` */
export const outcomesText = ({ trials, counts }: Outcomes): Text =>
  counts.reduce((text, { n, status }, i) => (i === 0 ? t`${n} of ${trials} ${STATUSES[status]}` : t`${text}, ${n} ${STATUSES[status]}`), t``); // biome-ignore format: one line

export const seedsText = (n: number): Text => counted(n, "seed");

export const common = {
  configuration: "configuration",
  seeds: "seeds",
  seed: "seed",
  trials: "trials",
  atChance: "at chance",
  never: "never",
  statuses: { ...STATUSES, done: "done" },
  splits: { train: "train", validation: "validation", test: "test" },
  all: "all",
  basis: ({ data, seeds }: { data: readonly string[]; seeds: readonly number[] }) => {
    const [least, most] = [seeds[0] ?? 0, seeds.at(-1) ?? 0];
    const said = least === most ? seedsText(least) : t`${least} to ${most} seeds`;
    return t`${{ text: data.join(", ") }} · ${said}`;
  },
  /** Of a picture that has room for the best alone. */
  best: ({ shown, rest }: { shown: number; rest: number }) =>
    t`the best ${shown}; the data has the other ${rest === 1 ? "one" : rest} too`,
  outcomes: (outcomes: Outcomes) => outcomesText(outcomes),
  band: "band: 95 % interval over the seeds",
  ofNames: ({ whos }: { whos: readonly Who[] }) => named(whos, 9),
};
