import type { Clock } from '@reckon/eventing'
import type { NodeStream } from '@reckon/node-plane'
import { type CommandClient, commandStatus, terminalSizeIn } from './command-client.ts'
import { pingUntil } from './ping-until.ts'
import { relayInput } from './relay-input.ts'

/** Relays between client and process until the process ends or the client is gone. */
export async function relayCommand(
  client: CommandClient,
  stream: NodeStream,
  { clock, closing }: { clock: Clock; closing: AbortSignal },
): Promise<void> {
  const over = AbortSignal.any([client.gone, closing])
  const giveUp = () => stream.end({ type: 'Cancelled' })
  over.addEventListener('abort', giveUp)
  if (over.aborted) giveUp()
  void relayInput(client.stdin, stream)
  void relaySizes(client, stream)
  void pingUntil(AbortSignal.any([stream.signal, client.gone]), client, clock)
  await Promise.all([relayOutput('stdout', client, stream), relayOutput('stderr', client, stream)])
  await client.end(commandStatus(await stream.ended))
}

async function relaySizes(client: CommandClient, stream: NodeStream): Promise<void> {
  for await (const bytes of client.resizes) {
    const size = terminalSizeIn(bytes)
    if (size === undefined) continue
    const isTaken = await stream.write('resize', Buffer.from(JSON.stringify(size)))
    if (!isTaken) return
  }
}

async function relayOutput(
  channel: 'stdout' | 'stderr',
  client: CommandClient,
  stream: NodeStream,
): Promise<void> {
  for await (const bytes of stream.read(channel)) {
    if (!(await client.write(channel, bytes))) return
  }
}
