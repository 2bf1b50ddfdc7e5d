/** Finds out what a runtime offers on this machine beyond the standard's operators, by trying it against them. */
import type { Dialect } from "../onnx/emit.ts";
import type { Backend } from "./backend.ts";
import { agree, trySample } from "./sample.ts";

/** Channels in a block, by the width of the processor's vectors: AVX-512, then AVX2 and NEON. */
const CANDIDATES = [16, 8];

/** The dialect whose results are those of the standard's operators; none where the runtime refuses them all. */
export async function dialectOf(backend: Backend): Promise<Dialect> {
  const standard = await trySample(backend);
  for (const channelBlock of CANDIDATES) {
    try {
      if (agree(await trySample(backend, { channelBlock }), standard)) return { channelBlock };
    } catch {
      // A runtime without these operators says so; the standard's serve.
      return {};
    }
  }
  return {};
}
