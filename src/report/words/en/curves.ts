import { distanceOf, joined, name, numberOf, percentOf, type Text, t, type Who, whole } from "../../text.ts";
import type { Rated } from "../kinds.ts";
import { clauses, counted, named, some } from "./grammar.ts";

type HeldOut = "validation" | "test";
interface Gap {
  who: Who;
  /** Training less held-out accuracy. */
  gap: number;
}

const by = ({ who, gap }: Gap) => distanceOf(Math.abs(gap), who);
const side = ({ gap }: Gap): string => (gap >= 0 ? "above" : "below");

export const curves = {
  heading: "Learning curves",
  empty: "No epoch has been recorded.",
  noneFinished: "No trial has finished",
  accuracyAxis: "accuracy, %",
  testAccuracyAxis: "test accuracy, %",
  testLossAxis: "test loss",
  lossAxis: "loss",
  enlarged: "the best, enlarged",
  learnedEnlarged: "those above chance, enlarged",
  linear: "linear",
  log: "log",
  lead: ({ who, since, often }: { who: Who; since: number; often: Who | null }) =>
    often
      ? t`From epoch ${whole(since, who)} on ${name(who)} has the highest mean test accuracy, before that mostly ${name(often)}`
      : t`${name(who)} has the highest mean test accuracy from the first epoch on`,
  accuracyDrawn: "test accuracy after each epoch",
  lossDrawn: "test loss after each epoch, each loss in its own unit: compare shapes, not heights",
  drawn: (f: { basis: Text; what: string; seeds: number; shown: number; grey: number; crosses: boolean }) =>
    joined(
      [
        f.basis,
        f.what,
        ...(f.seeds > 1 ? ["mean and 95 % band over the seeds"] : f.seeds === 1 ? ["one seed each"] : []),
        ...(f.grey > 0 ? [t`the best ${f.shown} in colour, ${counted(f.grey, "other")} in grey`] : []),
        ...(f.crosses ? ["thin lines that end in × diverged"] : []),
      ],
      " · ",
    ),
  accuracyAlt: ({ rows }: { rows: readonly Rated[] }) =>
    t`Test accuracy over the epochs. At the end: ${joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      ", ",
    )}.`,
  lossAlt: ({ rows }: { rows: readonly Rated[] }) =>
    t`Test loss over the epochs. At the end: ${joined(
      rows.map(({ who, value }) => t`${name(who)} ${numberOf(value.mean, 4, who)}`),
      ", ",
    )}.`,
  noUpturn: ({ epochs }: { epochs: number }) => t`No test loss turns up within ${counted(epochs, "epoch")}`,
  manyUpturns: ({ configurations, epoch }: { configurations: number; epoch: number }) =>
    t`The test loss of ${counted(configurations, "configuration")} turns up again, from epoch ${epoch} on at the earliest`,
  upturns: ({
    turns,
    others,
  }: {
    turns: readonly { who: Who; epoch: number; from: number; to: number }[];
    others: readonly Who[];
  }) => {
    const each = turns.map(
      ({ who, epoch, from, to }) =>
        t`${name(who)} after epoch ${whole(epoch, who)} (${numberOf(from, 3, who)} to ${numberOf(to, 3, who)})`,
    );
    const rest = others.length > 0 ? [t`not for ${named(others)}`] : [];
    return clauses([t`The test loss turns up for ${some(each)}`, ...rest]);
  },
  gapAtChance: ({ heldOut }: { heldOut: HeldOut }): string => `Training and ${heldOut} accuracy stay at chance`,
  gapOfOne: ({ gap, heldOut }: { gap: Gap; heldOut: HeldOut }) =>
    t`Training accuracy ends ${by(gap)} points ${side(gap)} ${heldOut} accuracy with ${name(gap.who)}`,
  gapOneSided: ({ near, far, heldOut }: { near: Gap; far: Gap; heldOut: HeldOut }) =>
    t`Training accuracy ends ${side(near)} ${heldOut} accuracy, by ${by(near)} points with ${name(near.who)} up to ${by(far)} with ${name(far.who)}`,
  gapBothSides: ({ least, most, heldOut }: { least: Gap; most: Gap; heldOut: HeldOut }) =>
    t`Training accuracy ends ${by(most)} points above ${heldOut} accuracy with ${name(most.who)}, ${by(least)} points below it with ${name(least.who)}`,
  gapSubtitle: ({ basis, heldOut, shown, of }: { basis: Text; heldOut: HeldOut; shown: number; of: number }) => {
    const some = shown < of ? t` · ${shown} of ${counted(of, "configuration")}` : t``;
    return t`${basis} · accuracy over the epochs, solid: ${heldOut}, dashed: training; training figures are gathered while the weights change${some}`;
  },
  gapAlt: ({ rows, heldOut }: { rows: readonly Rated[]; heldOut: HeldOut }) =>
    t`Training and ${heldOut} accuracy over the epochs. Training at the end: ${joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      ", ",
    )}.`,
};
