import type { NodeStream } from '@reckon/node-plane'

/** Relays the client's input to the node until either side ends. */
export async function relayInput(
  incoming: AsyncIterable<Uint8Array>,
  stream: NodeStream,
): Promise<void> {
  for await (const bytes of incoming) {
    if (!(await stream.write('stdin', bytes))) return
  }
  stream.close('stdin')
}
