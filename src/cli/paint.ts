import { styleText } from "node:util";

const colours = (stream: NodeJS.WriteStream): boolean =>
  !process.env.NO_COLOR && (process.env.FORCE_COLOR ? process.env.FORCE_COLOR !== "0" : (stream.isTTY ?? false));

const style =
  (name: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    colours(process.stderr) || colours(process.stdout) ? styleText(name, text) : text;

/** The terminal's basic colours, and none where nobody sees them. */
export const paint = {
  red: style("red"),
  dim: style("dim"),
  bold: style("bold"),
  green: style("green"),
  yellow: style("yellow"),
};

/** Whether standard output shows colours. */
export const isColourful = (): boolean => colours(process.stdout);

/** Columns of the terminal; 100 where output is piped. */
export const width = (): number => process.stdout.columns ?? 100;
