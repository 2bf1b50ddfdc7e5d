/** The text with which the study page begins, and what the reader made of it, which stays in this browser's tab until another beginning. */

/** Where nothing else is asked for. */
export const FIRST = `name: my-study
data: digits
model: mlp
loss: [ ce, focal ]
optimizer: { sgd: { learningRate: 0.1 } }
epochs: 10
batchSize: 100
seeds: 3
`;

const KEPT = "losslab-study";

interface Kept {
  /** How it began: empty for `FIRST`. */
  from: string;
  text: string;
}

export function keep(from: string, text: string): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ from, text } satisfies Kept));
  } catch {
    // then it is not kept
  }
}

function kept(): Partial<Kept> {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

/** @param theirs the text of this beginning; undefined where there is none */
export async function begin(from: string, theirs: () => Promise<string | undefined>): Promise<string | undefined> {
  const { from: before, text } = kept();
  return before === from && text !== undefined ? text : theirs();
}
