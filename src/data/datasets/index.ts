/** One line per data set; nothing else needs to know of it. */
export { blobs } from "./blobs.ts";
export { cifar10 } from "./cifar10.ts";
export { cifar100 } from "./cifar100.ts";
export { circles } from "./circles.ts";
export { digits } from "./digits.ts";
export { fashionMnist } from "./fashion-mnist.ts";
export { kmnist } from "./kmnist.ts";
export { mnist } from "./mnist.ts";
export { moons } from "./moons.ts";
export { spiral } from "./spiral.ts";
