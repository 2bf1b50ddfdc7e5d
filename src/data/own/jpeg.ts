import { decode } from "jpeg-js";
import { MOST_PIXELS, type Picture, PictureError, type PictureHeader } from "./picture.ts";

/** Memory that decoding one picture may take. */
const MOST_MEGABYTES = 1500;

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** Reads the frame header (ITU-T T.81, B.2.2), passing over the segments before it. */
export function jpegHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // fill bytes may stand before a marker
      continue;
    }
    // SOF0 … SOF15 but for DHT, JPG and DAC, which share their range.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const components = bytes[at + 9];
      if (bytes[at + 4] !== 8) throw new PictureError(`has ${bytes[at + 4]} bits a sample, expected 8`);
      if (components !== 1 && components !== 3)
        throw new PictureError(`has ${components} components, expected grey or colour`);
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), channels: components };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new PictureError("has no frame header: it is damaged or cut off");
}

/** Decodes a baseline or progressive JPEG as its pixels are stored: an orientation noted in its metadata is not applied. */
export function decodeJpeg(bytes: Uint8Array): Picture {
  const { width, height, channels } = jpegHeader(bytes);
  // A decoder paints what is missing grey.
  if (!bytes.some((byte, i) => byte === 0xff && bytes[i + 1] === 0xd9)) throw new PictureError("is cut off");
  const { data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MOST_PIXELS / 1e6,
    maxMemoryUsageInMB: MOST_MEGABYTES,
  });
  const count = width * height;
  const planes = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) for (let c = 0; c < channels; c++) planes[c * count + i] = data[3 * i + c];
  return { width, height, channels, planes };
}
