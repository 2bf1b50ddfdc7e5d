/** Fonts of PDF files: they are embedded, so that a file looks the same everywhere. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UserError } from "../../util/errors.ts";

/** A font file; of a collection also which of its fonts. */
export type FontFile = string | [file: string, name: string];

export interface FontFamily {
  normal: FontFile;
  bold: FontFile;
}

/** Letters, Greek, arrows and signs; of what reports say only Chinese characters are not in it. */
export function latinFont(): FontFamily & { mono: FontFile } {
  const folder = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  return {
    normal: join(folder, "DejaVuSansCondensed.ttf"),
    bold: join(folder, "DejaVuSansCondensed-Bold.ttf"),
    mono: join(folder, "DejaVuSansMono.ttf"),
  };
}

/** Where systems keep fonts with Chinese characters: the regular one and, where there is one, the bold one. */
const HAN_FONTS: readonly [normal: FontFile, bold?: FontFile][] = [
  [
    ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular"],
    ["/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold"],
  ],
  [
    ["/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular"],
    ["/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold"],
  ],
  [["/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "WenQuanYiMicroHei"]],
  [["/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "WenQuanYiZenHei"]],
  [["/System/Library/Fonts/PingFang.ttc", "PingFangSC-Regular"], ["/System/Library/Fonts/PingFang.ttc", "PingFangSC-Semibold"]],
  [["/System/Library/Fonts/Hiragino Sans GB.ttc", "HiraginoSansGB-W3"]],
  [["C:\\Windows\\Fonts\\msyh.ttc", "MicrosoftYaHei"], ["C:\\Windows\\Fonts\\msyhbd.ttc", "MicrosoftYaHei-Bold"]],
  ["C:\\Windows\\Fonts\\simhei.ttf"],
]; // biome-ignore format: one system a line

/**
 * What opens a font again that a text has opened: of a collection the name of the font in it. Pictures are told of fonts by one word.
 */
export const openedAs = (font: FontFile): string => (typeof font === "string" ? font : font[1]);

const fileOf = (font: FontFile): string => (typeof font === "string" ? font : font[0]);

/**
 * A font with Chinese characters: the file that was named, or one of the system's.
 * @throws UserError when there is none
 */
export function hanFont(named?: string): FontFamily {
  if (named !== undefined) {
    if (!existsSync(named))
      throw new UserError("there is no such file", named, "--font takes a TrueType or OpenType font");
    return { normal: named, bold: named };
  }
  for (const [normal, bold = normal] of HAN_FONTS)
    if (existsSync(fileOf(normal))) return { normal, bold: existsSync(fileOf(bold)) ? bold : normal };
  throw new UserError(
    "no font with Chinese characters was found",
    "--format pdf",
    "install one (Debian: fonts-noto-cjk), or name a .ttf or .otf file with --font",
  );
}

/** Chinese characters and full-width signs. */
const HAN = /[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60“”]+/;

/** Text in runs that one font has: those of Chinese characters, and the others between them. */
export const runsOf = (text: string): { text: string; han: boolean }[] =>
  text
    .split(new RegExp(`(${HAN.source})`))
    .filter((run) => run !== "")
    .map((run) => ({ text: run, han: HAN.test(run) }));

export const hasHan = (text: string): boolean => /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/.test(text);
