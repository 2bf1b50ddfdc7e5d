import { name, percentOf, type Text, t, type Who } from "../../text.ts";
import { commas, points } from "./grammar.ts";

interface Calibrated {
  who: Who;
  ece: number;
  /** Mean confidence less accuracy. */
  excess: number;
}

const say = ({ who, ece }: Calibrated): Text => t`${name(who)} (ECE ${percentOf(ece, who)})`;
const side = ({ excess }: Calibrated): string =>
  excess > 0 ? "is too sure of itself" : "is less sure than it could be";

export const calibration = {
  heading: "Calibration",
  one: ({ only }: { only: Calibrated }) => t`${say(only)} ${side(only)}`,
  bestAndWorst: ({ best, worst }: { best: Calibrated; worst: Calibrated }) =>
    t`Confidence of ${say(best)} agrees best with accuracy, that of ${say(worst)} least: it ${side(worst)}`,
  subtitle: ({ basis }: { basis: Text }) =>
    points([
      basis,
      "accuracy of the examples whose largest probability lies in a bin, test set, final epoch, all seeds together; dashed: perfect calibration",
    ]),
  alt: ({ whos }: { whos: readonly Who[] }) => t`Reliability diagrams of ${commas(whos.map(name))}.`,
};
