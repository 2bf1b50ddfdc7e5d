import { halton } from "../../../util/halton.ts";
import { number } from "../../../zoo/entry.ts";
import { type Round, search } from "./search.ts";

/**
 * All candidates train for a few epochs, the best of them anew for η times as many, and so on. A training of fewer epochs is a training
 * of its own, with its own schedule: beginning anew adds to a candidate's last training at most 1/(η-1) of it. Jamieson and Talwalkar, 2016,
 * arXiv:1502.07943.
 */
export const successiveHalving = search({
  name: "successiveHalving",
  title: "successive halving",
  summary:
    "Quasi-random points train for a few epochs, the best of them anew for more, until a few train for all epochs.",
  reference: "Jamieson and Talwalkar, 2016, arXiv:1502.07943",
  params: {
    factor: number("η: one in so many candidates goes on, with so many times the epochs", { default: 3, above: 1 }),
    leastEpochs: number("no round has fewer epochs", { default: 2, min: 1, integer: true }),
  },
  points: halton,
  rounds(candidates, epochs, { factor, leastEpochs }) {
    const sizes = [candidates];
    while (Math.round(epochs / factor ** sizes.length) >= leastEpochs) {
      const fewer = Math.ceil(candidates / factor ** sizes.length);
      if (fewer === sizes.at(-1)) break;
      sizes.push(fewer);
    }
    return sizes.map(
      (size, i): Round => ({
        candidates: size,
        epochs: Math.round(epochs / factor ** (sizes.length - 1 - i)),
      }),
    );
  },
});
