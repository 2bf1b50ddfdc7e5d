/**
 * Counter-based random numbers: each is a pure function of a seed, a purpose and an index, so no draw depends on how many
 * came before it, on the worker that made it or on the order of the work. The generator is Philox4x32-10 (Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 */
export interface RandomStream {
  /** The i-th 32-bit unsigned integer. */
  uint32(i: number): number;
  /** The integers from `first`, a multiple of 4, on: as many as there is room for, also a multiple of 4. */
  words(first: number, into: Uint32Array): void;
  /** The i-th number, uniform in [0, 1), with 32 random bits. */
  uniform(i: number): number;
  /** The i-th number of the standard normal distribution (Box-Muller). */
  normal(i: number): number;
  /** A permutation of 0 … n-1 (Fisher-Yates). */
  permutation(n: number): Uint32Array;
}

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the product of two 32-bit unsigned integers, by their halves; here and below in wrapping 32-bit arithmetic. */
function mulHigh(aHigh: number, aLow: number, b: number): number {
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** One block of Philox4x32-10: counter [4] and key [2] to four random words, written into `out`. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
  at = 0,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0 >>> 16, M0 & 0xffff, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = mulHigh(M1 >>> 16, M1 & 0xffff, c2);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** FNV-1a over the purpose's text: two different words of 32 bits, for the upper half of the counter. */
function purposeWords(purpose: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x050c5d1f;
  for (let i = 0; i < purpose.length; i++) {
    const code = purpose.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193) >>> 0;
    b = Math.imul(b ^ code, 0x01000193) >>> 0;
    b = (b ^ (b >>> 15)) >>> 0;
  }
  return [a, b];
}

/**
 * The random stream of a seed and a purpose.
 * @param seed a whole number from 0 to 2^53 - 1
 * @param purpose what the numbers are for, in parts, for example `("init", "dense1.weight")` or `("order", epoch)`
 */
export function random(seed: number, ...purpose: (string | number)[]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed must be a whole number >= 0, got ${seed}`);
  const [p0, p1] = purposeWords(purpose.join("\u001f"));
  const k0 = seed >>> 0;
  const k1 = Math.floor(seed / 2 ** 32) >>> 0;
  const block = new Uint32Array(4);
  let blockIndex = -1; // a cache of the latest block, not a state: any index may follow any other

  const blockAt = (index: number, into: Uint32Array, at: number): void =>
    philox(index >>> 0, Math.floor(index / 2 ** 32) >>> 0, p0, p1, k0, k1, into, at);
  const uint32 = (i: number): number => {
    const wanted = Math.floor(i / 4);
    if (wanted !== blockIndex) {
      blockAt(wanted, block, 0);
      blockIndex = wanted;
    }
    return block[i % 4];
  };
  const uniform = (i: number): number => uint32(i) / 2 ** 32;

  return {
    uint32,
    words(first, into) {
      for (let at = 0; at < into.length; at += 4) blockAt((first + at) / 4, into, at);
    },
    uniform,
    normal(i) {
      const pair = i - (i % 2);
      const radius = Math.sqrt(-2 * Math.log((uint32(pair) + 0.5) / 2 ** 32));
      const angle = (2 * Math.PI * (uint32(pair + 1) + 0.5)) / 2 ** 32;
      return i % 2 === 0 ? radius * Math.cos(angle) : radius * Math.sin(angle);
    },
    permutation(n) {
      const order = Uint32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(uniform(i) * (i + 1));
        const kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      return order;
    },
  };
}
