/** What is known of a picture. */

/** The largest picture that is decoded; a header may claim any size. */
export const MOST_PIXELS = 50e6;

export interface PictureHeader {
  width: number;
  height: number;
  channels: 1 | 3;
}

export interface Picture extends PictureHeader {
  /** [channels, height, width], 0 … 255 */
  planes: Uint8Array;
}

/** What is wrong with a file, said of the file: `is cut off`. */
export class PictureError extends Error {}
