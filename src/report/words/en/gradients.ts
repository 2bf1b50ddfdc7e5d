import { name, numberOf, type Text, t, type Who } from "../../text.ts";
import { named, points } from "./grammar.ts";

type Measured = "norms" | "ratios";
const WHAT: Record<Measured, string> = { norms: "gradient norms", ratios: "update ratios" };

export const gradients = {
  heading: "Gradients and units",
  fold: "Each layer and activation at the end",
  none: "none",
  concerns: { "not finite": "not finite", vanishing: "vanishing", exploding: "exploding" },
  concern: ({ what, layer, from, to }: { what: string; layer: string; from: number; to: number }): string =>
    `${what} in ${layer} (epoch${from === to ? ` ${from}` : `s ${from} … ${to}`})`,
  caption:
    "At the last epoch, means over the seeds of the layer with the smallest and the one with the largest value; concerns over all epochs and seeds.",
  columns: {
    smallestNorm: "gradient norm, smallest",
    largest: "largest",
    smallestRatio: "update ratio, smallest",
    saturated: "most saturated, %",
    dead: "most dead, %",
    concerns: "concerns",
  },
  layerCaption: ({ who }: { who: Who }): string => `${who.label}: at the last epoch, means over the seeds.`,
  layerColumns: {
    part: "part",
    gradientNorm: "gradient norm",
    weightNorm: "weight norm",
    updateRatio: "update ratio",
    saturated: "saturated, %",
    dead: "dead, %",
  },
  axes: { norms: "gradient norm", ratios: "update / weights" } as Record<Measured, string>,
  ofLayers: ({ what }: { what: Measured }): string => `The ${WHAT[what]} of the layers`,
  spread: (f: { who: Who; what: Measured; high: string; low: string; ratio: number }) =>
    t`With ${name(f.who)} the ${WHAT[f.what]} of ${{ text: f.high }} end ${numberOf(f.ratio, 2, f.who)} times those of ${{ text: f.low }}`,
  subtitle: ({ basis, what }: { basis: Text; what: Measured }) =>
    points([
      basis,
      `${WHAT[what]} of each layer, mean over the probed steps of an epoch, log axis; band: 95 % interval over the seeds`,
    ]),
  alt: ({ what, whos }: { what: Measured; whos: readonly Who[] }) =>
    t`${WHAT[what]} by layer over the epochs for ${named(whos)}.`,
  terms:
    "Means over the probed steps of an epoch. Update ratio: length of a step over length of the weights, by layer; near 10⁻³ is usual. Vanishing: no gradient, or an update that float32 rounds away; exploding: an update longer than the weights. Saturated: the derivative of the activation is below 0.01 (of ReLU: the unit is off); dead: so at every example of the mini-batch.",
};
