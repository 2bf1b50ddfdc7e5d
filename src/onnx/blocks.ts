/**
 * Channels in blocks: the layout of onnxruntime's direct convolutions on processors, which its own optimizer uses where filters are
 * constants, as those of a training step never are. The operators are onnxruntime's alone, so they are written only for it.
 */
import type { ChannelBlocks, Emitter, OnnxAttribute } from "../tensor/emitter.ts";

export const BLOCKS_DOMAIN = "com.microsoft.nchwc";

const operator = (name: string): string => `${name}@${BLOCKS_DOMAIN}`;

export class Blocks implements ChannelBlocks {
  /** Whether anything stands in blocks. */
  used = false;
  /** Blocks by the images that they have been made into. */
  readonly #origins = new Map<string, string>();

  constructor(
    readonly size: number,
    readonly emitter: Pick<Emitter, "node">,
  ) {}

  holds(images: string): boolean {
    return this.#origins.has(images);
  }

  enter(images: string): string {
    return this.#origins.get(images) ?? this.#node("ReorderInput", [images]);
  }

  leave(blocks: string, channels: number): string {
    const images = this.#node("ReorderOutput", [blocks], { channels: { int: channels } });
    this.#origins.set(images, blocks);
    return images;
  }

  convolve(
    images: string,
    filters: string,
    bias: string | undefined,
    attributes: Record<string, OnnxAttribute>,
  ): string {
    return this.#node("Conv", bias ? [images, filters, bias] : [images, filters], attributes);
  }

  #node(name: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    this.used = true;
    return this.emitter.node(operator(name), inputs, attributes);
  }
}
