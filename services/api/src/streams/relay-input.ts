import type { NodeStream } from '@reckon/node-plane'

/** Carries what a client says to the node, until either says no more. */
export async function relayInput(
  incoming: AsyncIterable<Uint8Array>,
  stream: NodeStream,
): Promise<void> {
  for await (const bytes of incoming) {
    if (!(await stream.write('stdin', bytes))) return
  }
  stream.close('stdin')
}
