import { name, pointsOf, type Text, t, type Who } from "../../text.ts";
import { counted, named } from "./grammar.ts";

/** A disturbance by its title. */
const quoted = (text: string) => ({ text });

/** Corruptions of images by their names. */
export const corruptions = {
  blur: "blur",
  brightness: "brightness",
  contrast: "contrast",
  elastic: "elastic",
  gaussianNoise: "Gaussian noise",
  occlusion: "occlusion",
  pixelate: "pixelate",
  rotation: "rotation",
  saltAndPepper: "salt and pepper",
  translation: "translation",
  uniformNoise: "uniform noise",
};

interface Lost {
  who: Who;
  /** Of accuracy, mean over all that was done at its greatest strength. */
  change: number;
}

const say = ({ who, change }: Lost): Text => t`${name(who)} (${pointsOf(change, who)} points)`;

export const robustness = {
  heading: "Robustness",
  corruptions,
  noise: "noise on inputs",
  onOwnLoss: ({ attack }: { attack: string }): string => `${attack} on its own loss`,
  units: { severity: "severity", σ: "σ", ε: "ε" },
  clean: "clean",
  methods: ({ examples }: { examples: number }) =>
    t`Measured with the final weights, on ${examples} test examples, the same for all trials and disturbed alike; nothing is trained on disturbed examples.`,
  corruptionCaption: ({ references }: { references: readonly Who[] }) =>
    t`Images under corruption. Mean corruption error: the errors summed over severities in units of those of ${named(references)}, mean over the corruptions; relative: what corruption adds to the clean error, in the same units (Hendrycks and Dietterich, 2019).`,
  columns: {
    clean: "clean accuracy, %",
    corrupted: "mean accuracy under corruption, %",
    error: "mean corruption error",
    relative: "relative",
    loss: "loss",
  },
  at: ({ what, unit, strength }: { what: string; unit: string; strength: number }): string =>
    `${what}, ${unit} ${strength}`,
  accuracyUnder: ({ what }: { what: string }): string => `${what}: accuracy`,
  changeCaption:
    "Change to the same examples undisturbed: accuracy in points, and the configuration's own loss in its own unit. Noise is added to what the network is given; ε is in values of images from 0 to 1.",
  hardest: ({ hardest, easiest }: { hardest: string; easiest: string }) =>
    t`On average ${quoted(hardest)} costs most accuracy, ${quoted(easiest)} least`,
  underOne: ({ corruption }: { corruption: string }) => t`Accuracy under ${quoted(corruption)}`,
  corruptionSubtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · test accuracy under each corruption, mean over the severities; the stronger the colour, the more is missed`,
  corruptionAlt: ({ configurations, n }: { configurations: number; n: number }) =>
    t`Test accuracy of ${counted(configurations, "configuration")} under ${counted(n, "corruption")}; the data has every severity.`,
  corruption: "corruption",
  noneExamined: "No trial has been examined",
  loses: ({ least, most }: { least: Lost; most: Lost | null }) =>
    most
      ? t`At the greatest strengths ${say(least)} loses least accuracy on average, ${say(most)} most`
      : t`At the greatest strengths ${say(least)} of accuracy on average`,
  strengthSubtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · test accuracy against how strongly examples are disturbed; band: 95 % interval over the seeds`,
  strengthAlt: ({ whos, n }: { whos: readonly Who[]; n: number }) =>
    t`Test accuracy of ${named(whos)} under ${counted(n, "kind")} of disturbance; the tables have the numbers.`,
};
