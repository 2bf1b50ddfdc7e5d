export { DIGITS_VERSION, type DigitsOptions, generateDigits, SIDE } from "./generate.ts";
