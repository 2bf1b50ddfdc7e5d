/** A loss from a formula of the user's own, as Python has the formula. */
import { type Part, parseFormula } from "../../zoo/losses/formula/grammar.ts";
import type { LossBody } from "./losses.ts";
import { atom, BINDS, type Code, call, infix, literal, method, within } from "./python.ts";

/** What the formula's names stand for; columns [N, 1], and rows of the classes [N, C]. */
const NAMES: Record<string, string> = {
  p: "logits.softmax(1).gather(1, labels[:, None])",
  z: "logits.gather(1, labels[:, None])",
  margin:
    "logits.gather(1, labels[:, None]) - logits.scatter(1, labels[:, None], -math.inf).max(1, keepdim=True).values",
  probs: "logits.softmax(1)",
  onehot: "F.one_hot(labels, CLASSES).to(logits)",
};

/** Words that a user's own number may be called, and a variable of the function may not. */
const TAKEN = new Set(
  [
    "and as assert async await class def del elif except finally from global import is lambda nonlocal not or pass raise",
    "None True False F labels loss math torch CLASSES",
  ].flatMap((words) => words.split(" ")),
);
const variable = (name: string): string => (TAKEN.has(name) ? `${name}_` : name.replaceAll("$", "_"));

/** Code, and whether it is a number for Python itself. */
interface Value extends Code {
  isNumber: boolean;
}

const value = (code: Code, ...of: readonly Value[]): Value => ({ ...code, isNumber: of.every((v) => v.isNumber) });
const tensor = (code: Code): Value => ({ ...code, isNumber: false });

/** Functions of one value. */
const UNARY: Record<string, string> = {
  log: "torch.log",
  exp: "torch.exp",
  sqrt: "torch.sqrt",
  abs: "torch.abs",
  tanh: "torch.tanh",
  relu: "torch.relu",
  sigmoid: "torch.sigmoid",
  softplus: "F.softplus",
};

const OVER_CLASSES: Record<string, (x: Code) => Code> = {
  sum: (x) => method(x, "sum", "1", "keepdim=True"),
  mean: (x) => method(x, "mean", "1", "keepdim=True"),
  max: (x) => atom(`${method(x, "max", "1", "keepdim=True").text}.values`),
  min: (x) => atom(`${method(x, "min", "1", "keepdim=True").text}.values`),
};

const RANKS: Record<string, number> = { "+": BINDS.sum, "-": BINDS.sum, "*": BINDS.product, "/": BINDS.product };

function written(part: Part, used: Set<string>): Value {
  const of = (inner: Part): Value => written(inner, used);
  switch (part.type) {
    case "Literal":
      return value(literal(part.value as number));
    case "Identifier":
      if (part.name === "C") return value(atom("CLASSES"));
      if (part.name === "logits") return tensor(atom("logits"));
      used.add(part.name);
      return { ...atom(variable(part.name)), isNumber: !Object.hasOwn(NAMES, part.name) };
    case "UnaryExpression": {
      const x = of(part.argument);
      return part.operator === "-" ? value({ text: `-${within(x, BINDS.minus)}`, binds: BINDS.minus }, x) : x;
    }
    case "BinaryExpression": {
      const [a, b] = [of(part.left), of(part.right)];
      if (part.operator === "**")
        return value({ text: `${within(a, BINDS.atom)} ** ${within(b, BINDS.minus)}`, binds: BINDS.power }, a, b);
      return value(infix(part.operator, RANKS[part.operator] ?? BINDS.comparison, a, b), a, b);
    }
    case "ConditionalExpression":
      return tensor(call("torch.where", of(part.test), of(part.consequent), of(part.alternate)));
    case "CallExpression": {
      const name = (part.callee as { name: string }).name;
      const given = part.arguments.map(of);
      if (given.length === 2) return bounded(name as "max" | "min", given[0], given[1]);
      if (!Object.hasOwn(UNARY, name)) return tensor(OVER_CLASSES[name](given[0]));
      return tensor(call(UNARY[name], given[0].isNumber ? call("logits.new_tensor", given[0]) : given[0]));
    }
  }
}

/** The larger or the smaller of two values. */
function bounded(name: "max" | "min", a: Value, b: Value): Value {
  if (a.isNumber && b.isNumber) return value(call(name, a, b));
  const [number, other] = a.isNumber ? [a, b] : [b, a];
  if (number.isNumber) return tensor(method(other, "clamp", `${name === "max" ? "min" : "max"}=${number.text}`));
  return tensor(call(name === "max" ? "torch.maximum" : "torch.minimum", a, b));
}

/** @param params the expression, and the user's own numbers by their names */
export function formulaLoss({ expression, ...numbers }: { expression: string } & Record<string, unknown>): LossBody {
  const used = new Set<string>();
  const { text } = written(parseFormula(expression), used);
  return {
    before: [
      "logits = logits.double()  # the formula as it is given loses digits that losslab's own evaluation of it keeps",
      ...[...used].map((name) => `${variable(name)} = ${NAMES[name] ?? literal(numbers[name] as number).text}`),
      `loss = ${text}`,
    ],
    loss: "loss.squeeze(1)",
  };
}
