/** Arrays as NumPy reads them: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0. */

const TYPES = [
  [Uint8Array, "|u1"],
  [Int32Array, "<i4"],
  [BigInt64Array, "<i8"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
] as const;

export type NpyValues = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

const ALIGNED = 64;

/** @param values in row-major order */
export function encodeNpy(values: NpyValues, shape: readonly number[]): Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size !== values.length) throw new RangeError(`${values.length} values do not fill [${shape.join(",")}]`);
  const [, descr] = TYPES.find(([Type]) => values instanceof Type)!;
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((10 + header.length + 1) / ALIGNED) * ALIGNED;
  const file = new Uint8Array(length + values.byteLength);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(file.buffer).setUint16(8, length - 10, true);
  file.set(new TextEncoder().encode(`${header.padEnd(length - 11)}\n`), 10);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), length);
  return file;
}
