/** How many examples a network is confident are of another class than they are labelled. */
import { type Scores, softmax } from "../metrics/index.ts";

export interface ConfidentJoint {
  /** [label][class]: examples whose probability of the class reaches what those labelled so have on average. */
  joint: number[][];
  /** Examples of each label. */
  labelled: number[];
}

/**
 * The confident joint of labels and latent classes.   t_j = mean of p_j over examples labelled j,
 * C_ij = examples labelled i for which j has the highest probability among the classes with p_j >= t_j
 * An example that reaches no threshold is counted nowhere. Northcutt et al., 2021, arXiv:1911.00068, eq. 1 and 2.
 * @param logits [n · C] of a network that was not trained on these examples
 * @param labels [n]
 */
export function confidentJoint(logits: Float32Array, labels: ArrayLike<number>): ConfidentJoint {
  const given = Array.from(labels);
  const classes = logits.length / given.length;
  const rows: Scores = given.map((_, i) => logits.subarray(i * classes, (i + 1) * classes));
  const probabilities = softmax(rows);
  const labelled = new Array<number>(classes).fill(0);
  const sums = new Array<number>(classes).fill(0);
  given.forEach((label, i) => {
    labelled[label]++;
    sums[label] += probabilities[i][label];
  });
  const thresholds = sums.map((s, k) => (labelled[k] > 0 ? s / labelled[k] : Number.POSITIVE_INFINITY));
  const joint = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  given.forEach((label, i) => {
    const p = probabilities[i];
    let found = -1;
    for (let k = 0; k < classes; k++) if (p[k] >= thresholds[k] && (found < 0 || p[k] > p[found])) found = k;
    if (found >= 0) joint[label][found]++;
  });
  return { joint, labelled };
}
