import { UserError } from "../../util/errors.ts";

/** An array as NumPy saves it, in row-major order. */
export interface NpyArray {
  shape: number[];
  values: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;
  /** Values of type bool, as 0 and 1. */
  isBool: boolean;
}

const MAGIC = "\x93NUMPY";

/** Element types by NumPy's letters. 64-bit integers are read as float64, exactly or not at all. */
const TYPES = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
} as const;

/**
 * Reads an .npy file of numbers (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * @param where the file's name, for error messages
 */
export function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  const wrong = (message: string, hint?: string): never => {
    throw new UserError(message, where, hint);
  };
  const latin = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (latin(0, 6) !== MAGIC) wrong("is no .npy file: it does not begin with \\x93NUMPY");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] > 1; // version 1 has 16 bits for the header's length, later ones 32
  const begin = wide ? 12 : 10;
  const headerBytes = bytes.length < begin ? Infinity : wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = begin + headerBytes;
  if (start > bytes.length) wrong("ends within its header");
  const header = new TextDecoder().decode(bytes.subarray(begin, start));
  const type = /'descr':\s*(.{0,40})/.exec(header);
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dims = /'shape':\s*\(([\d,\sL]*)\)/.exec(header);
  if (!order || !dims || !type) return wrong(`has a header that cannot be read: ${header.trim().slice(0, 100)}`);
  if (!descr || !Object.hasOwn(TYPES, descr[2])) {
    const found = descr ? descr[2] : type[1];
    return wrong(
      `holds ${found}, expected numbers: ${Object.keys(TYPES).join(", ")}`,
      'for example x.astype("float32")',
    );
  }
  const shape = [...dims[1].matchAll(/\d+/g)].map(Number);
  if (order[1] === "True" && shape.length > 1) wrong("is in Fortran order", "save numpy.ascontiguousarray(x)");

  const [, byteOrder, name] = descr;
  const Type = TYPES[name as keyof typeof TYPES];
  const count = shape.reduce((a, b) => a * b, 1);
  const found = bytes.length - start;
  if (found !== count * Type.BYTES_PER_ELEMENT) {
    const what = found < count * Type.BYTES_PER_ELEMENT ? "is cut off" : "has trailing bytes";
    wrong(`${what}: ${found} bytes of values, expected ${shape.join(" x ") || 1} of ${Type.BYTES_PER_ELEMENT}`);
  }
  const own = new Uint8Array(bytes.subarray(start)); // a copy, so that the values begin where their type needs it
  if (byteOrder === ">") swap(own, Type.BYTES_PER_ELEMENT);
  const raw = new Type(own.buffer, own.byteOffset, count);
  if (!(raw instanceof BigInt64Array) && !(raw instanceof BigUint64Array))
    return { shape, values: raw, isBool: name === "b1" };
  const values = Float64Array.from(raw as ArrayLike<unknown> as ArrayLike<number>, Number);
  const large = values.findIndex((value) => !Number.isSafeInteger(value));
  if (large >= 0) wrong(`value ${large} is ${raw[large]}; integers to ±2^53 can be read`);
  return { shape, values, isBool: false };
}

/** Turns big-endian values of so many bytes around. */
function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
