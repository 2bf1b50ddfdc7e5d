/** Formulas as people write them: JavaScript's expressions, read and never run, with ^ for powers. */
import { type Node, Parser, type Program, tokTypes } from "acorn";
import { UserError } from "../../../util/errors.ts";
import { openBrackets } from "../../../util/levels.ts";

/** A part of a formula, as far as it means something to one; `start` counts from 0. */
export type Part = { start: number; end: number } & (
  | { type: "Literal"; value: unknown }
  | { type: "Identifier"; name: string }
  | { type: "UnaryExpression"; operator: string; argument: Part }
  | { type: "BinaryExpression"; operator: string; left: Part; right: Part }
  | { type: "ConditionalExpression"; test: Part; consequent: Part; alternate: Part }
  | { type: "CallExpression"; callee: Part; arguments: Part[] }
);

/** What the parser lets its extensions change; its published types leave it out. */
interface Extensible {
  new (
    ...of: never[]
  ): {
    pos: number;
    finishOp(type: unknown, length: number): void;
    getTokenFromCode(code: number): void;
    parseMaybeUnary(errors: unknown, afterUnary: boolean, ...rest: unknown[]): Node;
  };
}

/** `^` is the power, `-x^2` is -(x^2) as on paper, and `--x` is twice a minus. */
const FormulaParser = Parser.extend(
  ((Base: Extensible) =>
    class extends Base {
      override getTokenFromCode(code: number): void {
        const sign = String.fromCharCode(code);
        if (sign === "^") this.finishOp(tokTypes.starstar, 1);
        else if (sign === "+" || sign === "-") this.finishOp(tokTypes.plusMin, 1);
        else super.getTokenFromCode(code);
      }
      override parseMaybeUnary(errors: unknown, _: boolean, ...rest: unknown[]): Node {
        return super.parseMaybeUnary(errors, false, ...rest);
      }
    }) as never,
);

/** A mistake in a formula, with the column where it stands, counted from 1. */
export const mistake = (message: string, { start }: { start: number }, hint?: string): UserError =>
  new UserError(`${message}, at column ${start + 1} of the formula`, undefined, hint);

/** Longer ones, and deeper, are none that people write. */
const MOST_CHARACTERS = 1000;
const MOST_LEVELS = 50;

/** @throws UserError with the column of what cannot be read */
export function parseFormula(text: string): Part {
  if (text.length > MOST_CHARACTERS) {
    throw new UserError(`the formula has ${text.length} characters; at most ${MOST_CHARACTERS} are read`);
  }
  if (openBrackets(text) > MOST_LEVELS) throw mistake("holds too many brackets within each other", { start: 0 });
  let program: Program;
  try {
    program = FormulaParser.parse(text, { ecmaVersion: 2020 });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const start = Math.min((error as SyntaxError & { pos: number }).pos, text.length);
    const found = text.slice(start).match(/^\s*(\w+|\S)/)?.[1];
    throw mistake(found ? `cannot be read from "${found}" on` : "ends too early", { start });
  }
  const [statement, next] = program.body;
  if (!statement) throw mistake("is empty", { start: 0 });
  if (statement.type !== "ExpressionStatement") throw mistake("is no expression", statement);
  if (next) throw mistake("is more than one expression", next);
  return statement.expression as Part;
}
