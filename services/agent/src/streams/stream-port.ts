import { StatusError } from '@reckon/kubernetes'
import type { NodeStream, StreamOutcome, StreamRequest } from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import { type Connection, NoAnswer } from '../runtime/dialer.ts'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'

const connectMsMax = 10_000
const machine = '127.0.0.1'

/** Connects a remote client to a port of a pod. */
export async function streamPort(
  { runtime, dialer }: AgentPorts,
  { pod, port }: StreamRequest & { type: 'PortForward' },
  stream: NodeStream,
): Promise<StreamOutcome> {
  const sandbox = (await runtime.list(pod.uid)).find(
    ({ container, state }) => container === sandboxName && state === 'Running',
  )
  if (sandbox === undefined) {
    throw new StatusError('NotFound', `pod not found ("${pod.name}_${pod.namespace}")`)
  }
  const connection = await openPort({ runtime, dialer }, sandbox, port).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error
    const what = `error forwarding port ${port} to pod ${sandbox.id}, uid ${pod.uid}`
    throw new StatusError('InternalError', `${what}: ${error.message}`)
  })
  stream.signal.addEventListener('abort', () => connection.close())
  if (stream.signal.aborted) connection.close()
  stream.confirm()
  await Promise.all([relayThere(stream, connection), relayBack(stream, connection)])
  connection.close()
  return { type: 'Done', exitCode: 0 }
}

/** Tries the pod's address first, then its loopback, which costs more. */
async function openPort(
  { runtime, dialer }: Pick<AgentPorts, 'runtime' | 'dialer'>,
  { id, ip }: SeenContainer,
  port: number,
): Promise<Connection> {
  try {
    return await dialer.open(ip ?? machine, port, connectMsMax)
  } catch (error) {
    if (!(error instanceof NoAnswer) || ip === undefined) throw error
    return runtime.openLoopback(id, port)
  }
}

async function relayThere(stream: NodeStream, connection: Connection): Promise<void> {
  for await (const bytes of stream.read('stdin')) {
    if (!(await connection.write(bytes))) return
  }
  connection.end()
}

async function relayBack(stream: NodeStream, connection: Connection): Promise<void> {
  for await (const bytes of connection.incoming) {
    if (!(await stream.write('stdout', bytes))) return
  }
  stream.close('stdout')
}
