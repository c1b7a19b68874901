import { isRefusal, StatusError } from '@reckon/kubernetes'
import type { NodeStream } from '@reckon/node-plane'
import { relayInput } from './relay-input.ts'
import type { SpdyConnection, SpdyStream } from './spdy-connection.ts'

const portMax = 65_535

/** Opens a stream to a port of the pod; throws the node's refusal. */
export type OpenPort = (port: number) => Promise<NodeStream>

/** The two streams of one forwarded connection; failures are reported on `error`. */
type Pair = { error?: SpdyStream; data?: SpdyStream }

/** Connects each forwarded connection of the client to the pod, until the client is gone (`portforward.k8s.io`). */
export async function forwardPorts(connection: SpdyConnection, openPort: OpenPort): Promise<void> {
  const waiting = new Map<string, Pair>()
  const failed = Promise.withResolvers<never>()
  const run = connection.run((stream) => {
    const id = stream.headers.get('requestid') ?? ''
    const type = stream.headers.get('streamtype')
    const pair: Pair = waiting.get(id) ?? {}
    if (type === 'error') pair.error = stream
    else if (type === 'data') pair.data = stream
    else return void stream.reset()
    const { error, data } = pair
    if (error === undefined || data === undefined) return void waiting.set(id, pair)
    waiting.delete(id)
    const forgotten = forward({ error, data }, openPort).finally(() => {
      connection.forget(error)
      connection.forget(data)
    })
    forgotten.catch(failed.reject)
  })
  try {
    await Promise.race([run, failed.promise])
  } finally {
    void connection.close()
  }
}

async function forward({ error, data }: Required<Pair>, openPort: OpenPort): Promise<void> {
  try {
    const port = Number(data.headers.get('port'))
    if (!Number.isInteger(port) || port < 1 || port > portMax) {
      await error.write(Buffer.from(`"${data.headers.get('port')}" is no port`))
    } else {
      await relay(data, await openPort(port))
    }
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal
    await error.write(Buffer.from(refusal.message))
  }
  await error.end()
  await data.end()
}

async function relay(data: SpdyStream, stream: NodeStream): Promise<void> {
  const giveUp = () => stream.end({ type: 'Cancelled' })
  data.gone.addEventListener('abort', giveUp)
  if (data.gone.aborted) giveUp()
  void relayInput(data.incoming, stream)
  for await (const bytes of stream.read('stdout')) {
    if (!(await data.write(bytes))) giveUp()
  }
  await data.end()
  const outcome = await stream.ended
  if (outcome.type === 'Lost') throw new StatusError('ServiceUnavailable', outcome.message)
}
