import { fixedOf, type Text, t, type Who } from "../../text.ts";
import { counted, is, named } from "./grammar.ts";

const LINES = "dashed: training, solid: test, band: 95 % interval over the seeds";
const epoch = (value: number) => fixedOf(value, Number.isInteger(value) ? 0 : 1);

/** Curves of each configuration by itself. */
export const panels = {
  heading: "Curves one by one",
  noneFinished: "No trial has finished: the curves end where training did",
  noneLearned: "No configuration rises above chance",
  speed: (f: { fastest: readonly Who[]; first: number; slowest: readonly Who[]; last: number }) => {
    const start = t`${named(f.fastest, 2)} ${is(f.fastest, "reaches 95 % of its", "reach 95 % of their")} final accuracy at epoch ${epoch(f.first)}`;
    return f.first === f.last ? start : t`${start}, ${named(f.slowest, 2)} last, at epoch ${epoch(f.last)}`;
  },
  accuracySubtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · accuracy in percent over the epochs · ${LINES} · all panels share their axes`,
  accuracyAlt: ({ n }: { n: number }) =>
    t`Training and test accuracy over the epochs, one panel for each of ${counted(n, "configuration")}.`,
  lossesOfEach: "Training and test loss of each configuration",
  /** @param all whether these are all configurations, and all on one side */
  losses: ({ above, below, all }: { above: readonly Who[]; below: readonly Who[]; all: boolean }) => {
    if (all)
      return t`The test loss of every configuration ends ${above.length > 0 ? "above" : "below"} its training loss`;
    if (above.length === 0) return t`The test loss ends below the training loss with ${named(below)}`;
    const higher = t`The test loss ends above the training loss with ${named(above)}`;
    return below.length === 0 ? higher : t`${higher}, below it with ${named(below)}`;
  },
  lossSubtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · loss over the epochs · ${LINES} · the loss axis is shared by panels with the same loss`,
  lossAlt: ({ n }: { n: number }) =>
    t`Training and test loss over the epochs, one panel for each of ${counted(n, "configuration")}.`,
};
