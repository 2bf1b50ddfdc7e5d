/**
 * The safetensors file format, https://github.com/huggingface/safetensors#format: eight bytes with the length of the
 * header (uint64), the header (JSON: name → dtype, shape, offsets; texts under `__metadata__`), then the tensors' bytes
 * without holes, everything little-endian as in the typed arrays of every machine Node and browsers run on.
 */
import { UserError } from "./errors.ts";

const arrays = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
};

export type Dtype = keyof typeof arrays;

/** A dense array in row-major order; `data` is of the dtype's own typed array, one element per product of the shape. */
export type SafeTensor = {
  [D in Dtype]: { dtype: D; shape: number[]; data: InstanceType<(typeof arrays)[D]> };
}[Dtype];

export interface Safetensors {
  tensors: Record<string, SafeTensor>;
  metadata: Record<string, string>;
}

const METADATA = "__metadata__";
/** The limit that the reference reader sets, against headers made to exhaust the memory. */
const MAX_HEADER_BYTES = 100_000_000;

const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) >= 0;
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A file's bytes. Tensors of wide elements come first, so that each starts at a multiple of its element's size. */
export function encodeSafetensors(
  tensors: Record<string, SafeTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = Object.entries(tensors).sort(
    ([a, { data: x }], [b, { data: y }]) => y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === METADATA) throw new RangeError(`a tensor cannot be called ${METADATA}`);
    if (!(data instanceof arrays[dtype]) || !shape.every(isCount) || elements(shape) !== data.length) {
      throw new RangeError(
        `tensor ${name}: ${dtype} [${shape}] does not describe a ${data.constructor.name} of ${data.length} elements`,
      );
    }
    header.push([name, { dtype, shape, data_offsets: [end, (end += data.byteLength)] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8; // padded with spaces: the tensors start aligned
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * The tensors and texts of a file's bytes; the tensors are copies.
 * @param file the file's name, for the UserError that anything but a sound file gives
 */
export function decodeSafetensors(bytes: Uint8Array, file = "safetensors"): Safetensors {
  const check: (sound: boolean, problem: string) => asserts sound = (sound, problem) => {
    if (!sound) throw new UserError(`not a sound safetensors file: ${problem}`, file);
  };

  check(bytes.length >= 8, `${bytes.length} bytes are too few`);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  check(headerLength <= MAX_HEADER_BYTES, `the header claims ${headerLength} bytes`);
  const start = 8 + Number(headerLength);
  check(start <= bytes.length, `the header claims ${headerLength} bytes of ${bytes.length - 8}`);
  const header = parseJson(bytes.subarray(8, start));
  check(isObject(header), "the header is not a JSON object");

  const { [METADATA]: metadata = {}, ...entries } = header;
  check(isObject(metadata), `${METADATA} is not an object`);
  for (const text of Object.values(metadata)) check(typeof text === "string", `${METADATA} holds more than texts`);

  let end = 0; // of the tensors so far: each must begin where the one before ended
  const tensors = Object.entries(entries)
    .map(([name, entry]) => {
      check(isObject(entry), `tensor ${name} is not described by an object`);
      const { dtype, shape, data_offsets: offsets } = entry;
      check(typeof dtype === "string" && Object.hasOwn(arrays, dtype), `tensor ${name} has dtype ${dtype}`);
      check(Array.isArray(shape) && shape.every(isCount), `tensor ${name} has shape ${JSON.stringify(shape)}`);
      check(
        Array.isArray(offsets) && offsets.length === 2 && offsets.every(isCount),
        `tensor ${name} has offsets ${JSON.stringify(offsets)}`,
      );
      return { name, dtype: dtype as Dtype, shape: shape as number[], begin: offsets[0], end: offsets[1] };
    })
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
    .map(({ name, dtype, shape, ...at }): [string, SafeTensor] => {
      const size = elements(shape) * arrays[dtype].BYTES_PER_ELEMENT;
      check(at.begin === end, `tensor ${name} begins at ${at.begin}, expected ${end}`);
      check(at.end - at.begin === size, `tensor ${name} has ${at.end - at.begin} bytes, expected ${size}`);
      end = at.end;
      check(start + end <= bytes.length, `tensor ${name} ends after the end of the file`);
      const data = new arrays[dtype](new Uint8Array(bytes.subarray(start + at.begin, start + end)).buffer);
      return [name, { dtype, shape, data } as SafeTensor];
    });
  check(start + end === bytes.length, `${bytes.length - start - end} bytes follow the last tensor`);
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

/** The value of a UTF-8 JSON text, undefined when it is none. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
