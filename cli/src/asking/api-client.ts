import { request } from 'node:https'
import { hasCode } from '@reckon/process/error-code'
import { type Access, loadAccess } from '../contexts/kubeconfig.ts'

/** An answer of the API: status code and body. */
export type Answer = { code: number; body: string }

/** The API over HTTPS, as configured in the current kubeconfig. */
export type ApiClient = {
  server: string
  namespace: string
  ask(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>
  /** Passes on each line of the answer as it arrives; throws the API's refusal. */
  lines(path: string, signal?: AbortSignal): AsyncIterable<string>
}

const connectMsMax = 5_000

/** A refusal by the API, in its own words. */
export class ApiRefusal extends Error {}

/** The API does not answer yet, or not at the moment. */
export class ApiNotReady extends ApiRefusal {}

/**
 * The cluster of the current context: from KUBECONFIG, else ~/.kube/config, as kubectl does; or from the given file.
 */
export const openApi = async (kubeconfigFile?: string): Promise<ApiClient> =>
  apiBy(await loadAccess(kubeconfigFile))

/** A client for the API. */
export function apiBy({ server, namespace, tls, headers }: Access): ApiClient {
  const send = (method: string, path: string, text?: string, contentType = 'application/json') => {
    const sent = request(new URL(path, server), {
      ...tls,
      method,
      headers: {
        ...headers,
        accept: 'application/json',
        'user-agent': 'reckon',
        ...(text !== undefined && { 'content-type': contentType }),
      },
    })
    endIfNobodyAnswers(sent)
    return sent
  }
  return {
    server,
    namespace,
    ask: (method, path, body, contentType) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      return answerTo(send(method, path, text, contentType), text).catch((error: unknown) => {
        throw unreachable(server, error)
      })
    },
    lines: (path, signal) => linesOf(send('GET', path), server, signal),
  }
}

type Sent = ReturnType<typeof request>

/**
 * How long connecting may take: for a machine that is off the kernel would try for two minutes. Once connected, the
 * server may take its time.
 */
function endIfNobodyAnswers(sent: Sent): void {
  sent.on('socket', (socket) => {
    if (!socket.connecting) return
    const late = setTimeout(() => sent.destroy(new Error('nobody answers')), connectMsMax)
    for (const end of ['secureConnect', 'close']) socket.once(end, () => clearTimeout(late))
  })
}

const answerTo = (sent: Sent, text: string | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('error', reject)
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body }))
    })
    sent.end(text)
  })

async function* linesOf(sent: Sent, server: string, signal?: AbortSignal): AsyncIterable<string> {
  const stop = () => sent.destroy()
  signal?.addEventListener('abort', stop)
  try {
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      sent.on('error', reject)
      sent.on('response', resolve)
      sent.end()
    })
    let rest = ''
    response.setEncoding('utf8')
    for await (const part of response) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      if (response.statusCode === 200) yield* lines
    }
    if (response.statusCode === 503) throw new ApiNotReady(messageOf(rest))
    if (response.statusCode !== 200) throw new ApiRefusal(messageOf(rest))
    if (rest) yield rest
  } catch (error) {
    if (signal?.aborted) return
    throw error instanceof ApiRefusal ? error : unreachable(server, error)
  } finally {
    signal?.removeEventListener('abort', stop)
    sent.destroy()
  }
}

/** The body as JSON; throws the API's own words if it refused. */
export function expectJson<T>({ code, body }: Answer): T {
  if (code < 200 || code > 299) throw new ApiRefusal(messageOf(body))
  return JSON.parse(body) as T
}

/** Certificates are valid for years: if one seems to be not yet or no longer valid, a clock is wrong. */
const ofTime = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/** Why the API could not be reached, and what to check. */
function unreachable(server: string, error: unknown): Error {
  const because = error instanceof Error ? error.message : String(error)
  const isOfTime = ofTime.some((code) => hasCode(error, code))
  const advice = isOfTime
    ? `by this machine's clock it is ${new Date().toISOString()}: is that so?`
    : 'is it up ("npx reckon status"), and is it the one of your KUBECONFIG?'
  return new Error(`the API at ${server} does not answer (${because}); ${advice}`, { cause: error })
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body
  } catch {
    return body
  }
}
