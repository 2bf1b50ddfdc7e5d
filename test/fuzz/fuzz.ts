/** What fuzzing is here: inputs that nobody would write, and what must hold of each: it is read, or refused with a clear error. */
import fc from "fast-check";
import { UserError } from "../../src/util/errors.ts";

export interface Kind<I = unknown> {
  name: string;
  /** Inputs of the short part, in `npm test`. */
  few: number;
  /** Inputs of the long part, `npm run test:fuzz`. */
  many: number;
  inputs: fc.Arbitrary<I>;
  /** Reads an input; throws where it is neither read nor clearly refused. */
  attempt(input: I): void | Promise<void>;
  /** Ends what was begun for the attempts. */
  end?(): Promise<void>;
}

/** So long one input may take, however busy the machine is. */
const MOST_SECONDS = 10;
/** So much more memory a whole kind may take, what was not collected yet included. */
const MOST_BYTES = 3e9;

/** What a mistake of the user's may be; anything else is a fault of the program. */
export async function clear(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!error.message.trim()) throw new Error("an error without a message");
  }
}

/** Names that every object has: an input must not have added to them. */
const inherited = (): string =>
  [Object, Array, Function, String, Number]
    .map(({ prototype }) => Object.getOwnPropertyNames(prototype).join())
    .join(";");

export interface Outcome {
  inputs: number;
  seconds: number;
  /** What went wrong with the first input that failed, smallest first, and how to repeat it. */
  failure: string | null;
}

/** @param onInput told before each input */
export async function fuzz<I>(kind: Kind<I>, inputs: number, seed: number, onInput = (): void => {}): Promise<Outcome> {
  const before = inherited();
  const memory = process.memoryUsage().rss;
  const begun = performance.now();
  const property = fc.asyncProperty(kind.inputs, async (input) => {
    onInput();
    const from = process.cpuUsage();
    await kind.attempt(input);
    const { user, system } = process.cpuUsage(from);
    if ((user + system) / 1e6 > MOST_SECONDS) throw new Error(`took ${(user + system) / 1e6} s of processor time`);
    if (inherited() !== before) throw new Error("changed what all objects inherit");
    if (process.memoryUsage().rss - memory > MOST_BYTES) throw new Error("memory grew beyond 3 GB");
  });
  try {
    const run = await fc.check(property, { numRuns: inputs, seed, maxSkipsPerRun: 100 });
    const failure = run.failed
      ? `${run.errorInstance instanceof Error ? run.errorInstance.stack : run.errorInstance}\n  input ${fc.stringify(run.counterexample).slice(0, 2000)}\n  repeat with  npm run test:fuzz -- ${kind.name} --seed ${run.seed}`
      : null;
    return { inputs: run.numRuns, seconds: (performance.now() - begun) / 1000, failure };
  } finally {
    await kind.end?.();
  }
}

// ---- inputs

/** Bytes that mean something to many formats: ends of ranges, lengths that are too large. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

type Edit = (bytes: Uint8Array) => Uint8Array;
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const edit: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.nat(6),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(64),
    fc.constantFrom(...EXTREMES),
    fc.uint8Array({ maxLength: 16 }),
  )
  .map(([what, where, length, extreme, some]) => (bytes) => {
    const at = Math.floor(where * bytes.length);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (what) {
      case 0: // a bit
        return bytes.map((byte, i) => (i === at ? byte ^ (1 << (length % 8)) : byte));
      case 1: // the end
        return head;
      case 2: // a hole
        return joined(head, tail.subarray(length));
      case 3: // something between
        return joined(head, some, tail);
      case 4: // twice
        return joined(head, tail.subarray(0, length), tail);
      default: {
        // a length, in either order
        const own = bytes.slice();
        const view = new DataView(own.buffer);
        if (at + 4 <= own.length) view.setUint32(at, extreme, what === 5);
        else if (own.length > 0) own[at % own.length] = extreme;
        return own;
      }
    }
  });

/** Valid files with a few changes: most of them pass the first checks and meet the later ones. */
export const mutatedBytes = (valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.constantFrom(...valid), fc.array(edit, { maxLength: 6 }))
    .map(([bytes, edits]) => edits.reduce((changed, change) => change(changed), bytes));

/** Valid texts of which words are changed for others that mean something, or for signs. */
export const mutatedText = (valid: readonly string[], words: readonly string[]): fc.Arbitrary<string> => {
  const pieces = valid.map((text) => text.split(/(\s+|[^\w.\s-])/).filter((piece) => piece !== ""));
  const change = fc.tuple(fc.nat(3), fc.nat(10_000), fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })));
  return fc.tuple(fc.constantFrom(...pieces), fc.array(change, { maxLength: 6 })).map(([text, changes]) => {
    const own = [...text];
    for (const [what, place, word] of changes) {
      const at = place % Math.max(1, own.length);
      if (what === 0) own[at] = word;
      else if (what === 1) own.splice(at, 0, word);
      else if (what === 2) own.splice(at, 1 + (place % 7));
      else own.splice(at, 0, ...own.slice(at, at + 1 + (place % 9)));
    }
    return own.join("");
  });
};
