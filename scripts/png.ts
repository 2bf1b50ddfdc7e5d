import { crc32, deflateSync } from "node:zlib";

/**
 * A picture as PNG: one chunk each for header, pixels and end (https://www.w3.org/TR/png-3/).
 * @param samples [height, width], grey, or [height, width, 3], red, green and blue
 */
export function encodePng(samples: Uint8Array, width: number, height: number): Buffer {
  const line = samples.length / height;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits per sample; the remaining zeros: deflate, no filter method but 0, not interlaced
  header[9] = line === width ? 0 : 2; // grey, or true colour
  const rows = Buffer.alloc(height * (line + 1)); // each row is preceded by its filter, 0: none
  for (let y = 0; y < height; y++) rows.set(samples.subarray(y * line, (y + 1) * line), y * (line + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
