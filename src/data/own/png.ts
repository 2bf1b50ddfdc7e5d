import { convertIndexedToRgb, decode, type IndexedColors } from "fast-png";
import { Unzlib } from "fflate";
import { type Picture, PictureError, type PictureHeader } from "./picture.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks without which there is no picture; others (texts, colour profiles) are not even looked into. */
const NEEDED = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
/** Samples of a pixel by colour type: grey, colour, palette, grey with alpha, colour with alpha. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE = 3;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((b, i) => bytes[i] === b);

interface Header extends PictureHeader {
  depth: number;
  colourType: number;
  interlaced: boolean;
}

/** Reads the header alone (https://www.w3.org/TR/png-3/#11IHDR). */
export function pngHeader(bytes: Uint8Array): Header {
  if (bytes.length < 33) throw new PictureError("ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colourType = bytes[25];
  if (!(colourType in SAMPLES)) throw new PictureError(`has the colour type ${colourType}, which is none of PNG's`);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    channels: colourType === 0 || colourType === 4 ? 1 : 3,
    depth: bytes[24],
    colourType,
    interlaced: bytes[28] === 1,
  };
}

/** Decodes a PNG of 8 bits a sample or fewer, without transparency. Its size has been checked. */
export function decodePng(file: Uint8Array): Picture {
  const header = pngHeader(file);
  const { width, height, channels, depth, colourType } = header;
  if (depth === 16) throw new PictureError("has 16 bits a sample, expected 8 or fewer");
  const bytes = essentials(file, header);
  const decoded = checked(() => decode(bytes, { checkCrc: true }));
  if (decoded.transparency?.length) throw new PictureError("names a transparent colour; expected opaque pictures");
  if (colourType === PALETTE) {
    const palette = decoded.palette as IndexedColors;
    const pixels = convertIndexedToRgb({ ...decoded, palette, depth: depth as 8 });
    return { width, height, channels, planes: planes(pixels, width * height, pixels.length / (width * height), 3) };
  }
  if (depth < 8) return { width, height, channels, planes: unpacked(decoded.data as Uint8Array, width, height, depth) };
  return { width, height, channels, planes: planes(decoded.data, width * height, SAMPLES[colourType], channels) };
}

/** Interleaved samples to planes, without the alpha channel, which must say nothing. */
function planes(samples: ArrayLike<number>, count: number, perPixel: number, channels: number): Uint8Array {
  const result = new Uint8Array(count * channels);
  const hasAlpha = perPixel > channels;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) result[c * count + i] = samples[i * perPixel + c];
    if (hasAlpha && samples[i * perPixel + channels] !== 255)
      throw new PictureError("has transparent pixels; expected opaque pictures");
  }
  return result;
}

/** Grey samples of 1, 2 or 4 bits, rows padded to bytes, to 0 … 255. */
function unpacked(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const most = 2 ** depth - 1;
  const rowBytes = Math.ceil((width * depth) / 8);
  const result = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const sample = (packed[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & most;
      result[y * width + x] = (sample * 255) / most;
    }
  }
  return result;
}

/**
 * The needed chunks alone, once their compressed pixels are known to be neither cut off nor larger than the header says: a decoder
 * would fill what is missing with black, and inflate whatever there is.
 */
function essentials(file: Uint8Array, { width, height, depth, colourType, interlaced }: Header): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept = [file.subarray(0, SIGNATURE.length)];
  const compressed: Uint8Array[] = [];
  let type = "";
  for (let at = SIGNATURE.length; type !== "IEND"; ) {
    const end = at + 8 <= file.length ? at + 12 + view.getUint32(at) : Infinity;
    if (end > file.length) throw new PictureError("is cut off");
    type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (NEEDED.has(type)) kept.push(file.subarray(at, end));
    if (type === "IDAT") compressed.push(file.subarray(at + 8, end - 4));
    at = end;
  }
  const raw = (Math.ceil((width * SAMPLES[colourType] * depth) / 8) + 1) * height;
  // Interlaced pictures have seven passes, each with rows of its own.
  const most = interlaced ? 2 * raw + 8 * (width + height) : raw;
  const inflated = inflatedLength(joined(compressed), Math.max(1, most));
  if (!interlaced && inflated < raw) throw new PictureError("holds fewer pixels than its header says");
  return joined(kept);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Compressed bytes that are inflated at once: up to a thousand times as many come of them, and some times as many are allocated. */
const PIECE = 1 << 10;

/** How many bytes come of compressed ones; no more than `most` are waited for. */
function inflatedLength(compressed: Uint8Array, most: number): number {
  let length = 0;
  const inflate = new Unzlib((part) => {
    length += part.length;
    if (length > most) throw new PictureError("holds more pixels than its header says");
  });
  checked(() => {
    for (let at = 0; at === 0 || at < compressed.length; at += PIECE)
      inflate.push(compressed.subarray(at, at + PIECE), at + PIECE >= compressed.length);
  });
  return length;
}

/** What a library finds wrong, said of the file. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof PictureError ? error : new PictureError(`is damaged: ${(error as Error).message}`);
  }
}
