/** All attacks, by their names. */
export { fgsm } from "./fgsm.ts";
export { pgd } from "./pgd.ts";
