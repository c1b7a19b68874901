import { type Clock, isOutage } from '@reckon/eventing/bus'
import { type Container, messageOf, type Probe } from '@reckon/kubernetes'
import { type Dialer, NoAnswer } from '../runtime/dialer.ts'
import { type Runtime, RuntimeRefusal } from '../runtime/runtime.ts'

/** The action of a probe or hook. */
export type Check = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'>

/** The container to check. */
export type CheckTarget = { id: string; container: Container; host: string }

export type CheckPorts = { runtime: Runtime; dialer: Dialer; clock: Clock }

/** The check cannot be made, which says nothing about the container. */
export class NotCheckable extends Error {
  override readonly name = 'NotCheckable'
}

/**
 * Undefined when the container passes, else the reason. Throws `NotCheckable`, or `ServiceUnavailable` while the engine
 * is away.
 */
export async function checkContainer(
  ports: CheckPorts,
  check: Check,
  target: CheckTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const timer = new AbortController()
  const late = ports.clock
    .sleep(timeoutMs, timer.signal)
    .then(() => `no answer within ${timeoutMs / 1000}s`)
  try {
    const time = { timeoutMs, signal: timer.signal }
    return await Promise.race([answerOf(ports, check, target, time), late])
  } catch (error) {
    if (!(error instanceof RuntimeRefusal || error instanceof NoAnswer)) throw error
    return messageOf(error)
  } finally {
    timer.abort()
  }
}

/** As `checkContainer`, for a hook: what cannot be run has failed. */
export async function runHook(...asked: Parameters<typeof checkContainer>) {
  try {
    return await checkContainer(...asked)
  } catch (error) {
    if (!isOutage(error) && !(error instanceof NotCheckable)) throw error
    return messageOf(error)
  }
}

async function answerOf(
  { runtime, dialer }: CheckPorts,
  check: Check,
  { id, container, host }: CheckTarget,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<string | undefined> {
  if (check.exec) {
    // The command is killed when nobody waits for it any more.
    const { exitCode, output } = await runtime.exec(id, check.exec.command ?? [], signal)
    return exitCode === 0 ? undefined : output.trim() || `the command ended with ${exitCode}`
  }
  if (check.httpGet) {
    const { scheme = 'HTTP', path = '/', port, httpHeaders = [] } = check.httpGet
    const status = await dialer.http({
      scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
      host: check.httpGet.host ?? host,
      port: portNumber(port, container),
      path: path.startsWith('/') ? path : `/${path}`,
      headers: Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
      timeoutMs,
    })
    return status >= 200 && status < 400
      ? undefined
      : `HTTP probe failed with statuscode: ${status}`
  }
  if (check.tcpSocket) {
    const { port } = check.tcpSocket
    await dialer.connect(check.tcpSocket.host ?? host, portNumber(port, container), timeoutMs)
    return undefined
  }
  if (check.grpc) {
    const { port, service } = check.grpc
    const said = await dialer.grpc({ host, port, service: service ?? '', timeoutMs })
    return said === 'SERVING' ? undefined : `service unhealthy (responded with "${said}")`
  }
  return 'it names nothing to check'
}

/** Resolves a port that is given by name. */
function portNumber(port: number | string, container: Container): number {
  if (typeof port === 'number') return port
  const named = container.ports?.find(({ name }) => name === port)?.containerPort
  if (named === undefined) throw new NotCheckable(`port "${port}" not found`)
  return named
}
