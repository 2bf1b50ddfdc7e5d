/** Picture files of either format. */
import { decodeJpeg, isJpeg, jpegHeader } from "./jpeg.ts";
import { MOST_PIXELS, type Picture, PictureError, type PictureHeader } from "./picture.ts";
import { decodePng, isPng, pngHeader } from "./png.ts";

/** @throws PictureError that says what is wrong with the file */
export function readHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length === 0) throw new PictureError("is empty");
  if (!isPng(bytes) && !isJpeg(bytes)) throw new PictureError("is neither a PNG nor a JPEG");
  const header = isPng(bytes) ? pngHeader(bytes) : jpegHeader(bytes);
  const { width, height } = header;
  if (width === 0 || height === 0) throw new PictureError(`is ${height} x ${width} pixels large`);
  if (width * height > MOST_PIXELS) {
    throw new PictureError(`is ${height} x ${width} pixels large; at most ${MOST_PIXELS / 1e6} million are decoded`);
  }
  return header;
}

/** @throws PictureError that says what is wrong with the file */
export function readPicture(bytes: Uint8Array): Picture {
  readHeader(bytes);
  return isPng(bytes) ? decodePng(bytes) : decodeJpeg(bytes);
}
