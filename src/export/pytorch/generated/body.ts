/** Expressions of logits and targets as the statements of a Python function, for losses that are not written by hand. */
import { constantOp } from "../../../tensor/expr.ts";
import { type Expr, scalarValue, topological } from "../../../tensor/index.ts";
import { atom, type Code, list, literal, tuple } from "../python.ts";
import { type HelperName, OPERATORS, type Writing } from "./operators.ts";

/** Longer expressions are taken apart. */
const LONGEST = 100;

/** What values are called, by the operation that makes them; a number follows where there are several. */
const NAMES: Record<string, string> = {
  add: "total",
  sub: "difference",
  mul: "product",
  div: "ratio",
  exp: "e",
  logSoftmax: "log_p",
  logSumExp: "log_sum",
  reduceMax: "largest",
  where: "chosen",
  sum: "summed",
  greater: "above",
};

export class Body implements Writing {
  readonly statements: string[] = [];
  readonly helpers = new Set<HelperName>();
  readonly #known = new Map<Expr, Code>();
  readonly #uses = new Map<Expr, number>();
  readonly #taken = new Set<string>();

  /**
   * @param given names of inputs
   * @param wanted what will be asked for
   * @param examples the size that stands for the number of examples
   */
  constructor(
    given: ReadonlyMap<Expr, string>,
    wanted: readonly Expr[],
    readonly examples: number,
  ) {
    for (const node of topological(wanted))
      for (const x of new Set(node.inputs)) this.#uses.set(x, (this.#uses.get(x) ?? 0) + 1);
    for (const x of wanted) this.#uses.set(x, (this.#uses.get(x) ?? 0) + 1);
    for (const [x, name] of given) {
      this.#known.set(x, atom(name));
      this.#taken.add(name);
    }
  }

  isOwn(x: Expr): boolean {
    return this.#uses.get(x) === 1 && !this.#known.has(x);
  }

  helper(name: HelperName): string {
    this.helpers.add(name);
    return name;
  }

  /** Code of a value; what it is made of is written before. */
  readonly code = (x: Expr): Code => {
    const known = this.#known.get(x);
    if (known) return known;
    const code = this.#written(x);
    this.#known.set(x, code);
    return code;
  };

  #written(x: Expr): Code {
    const value = scalarValue(x);
    if (value !== undefined) return literal(value);
    if (x.op === constantOp) return this.#constant(x);
    const operator = OPERATORS[x.op.name];
    if (!operator) throw new Error(`the operation "${x.op.name}" cannot be said in PyTorch`);
    const code = operator(x, this);
    const several = (this.#uses.get(x) ?? 0) > 1;
    if (!several && code.text.length <= LONGEST) return code;
    return this.#assign(NAMES[x.op.name] ?? "t", code.text);
  }

  #constant({ attrs, shape }: Expr): Code {
    const { data } = attrs as { data: Float64Array };
    const numbers = `logits.new_tensor(${list(Array.from(data))})`;
    return atom(shape.length === 1 ? numbers : `${numbers}.reshape${shape.length > 0 ? tuple(shape) : "(())"}`);
  }

  #assign(base: string, text: string): Code {
    let name = base;
    for (let i = 2; this.#taken.has(name); i++) name = `${base}${i}`;
    this.#taken.add(name);
    this.statements.push(`${name} = ${text}`);
    return atom(name);
  }
}
