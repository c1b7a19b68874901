import { readFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { parse } from 'yaml'
import type { HttpAnswer } from '../simulation/clients/http-connection.ts'
import type { Wanted } from '../simulation/clients/requests.ts'

/** Longer than any timeout in the api. */
const answerMsMax = 12_000

type WatchHead = { code: number; body: string }

/** The API as a client reaches it: over TLS, at whichever api the kernel gives a new connection to. */
export type HttpsApi = {
  /** Undefined where there was no answer, or an incomplete one. */
  send(wanted: Wanted, userAgent: string, isNew: boolean): Promise<HttpAnswer | undefined>
  /**
   * Passes on each line of a watch; a refusal comes as a whole. Ends when the server ends it, the connection breaks, or
   * the signal aborts.
   */
  lines(
    wanted: Wanted,
    userAgent: string,
    signal: AbortSignal,
  ): AsyncGenerator<string, WatchHead | undefined>
  close(): void
}

type Kubeconfig = {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }]
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }]
}

export function openHttpsApi(kubeconfig: string): HttpsApi {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig
  const [{ cluster }] = clusters
  const [{ user }] = users
  const data = (text: string) => Buffer.from(text, 'base64')
  const options = {
    ca: data(cluster['certificate-authority-data']),
    cert: data(user['client-certificate-data']),
    key: data(user['client-key-data']),
  }
  const agent = new Agent({ keepAlive: true, ...options })
  const ask = ({ method, path, body, type }: Wanted, userAgent: string, isNew: boolean) => {
    const sent = request(new URL(path, cluster.server), {
      ...options,
      method,
      agent: isNew ? false : agent,
      headers: {
        'user-agent': userAgent,
        ...(type && { 'content-type': type }),
        // Node sends a DELETE's body without a length.
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    })
    sent.end(body)
    return sent
  }

  return {
    async send(wanted, userAgent, isNew) {
      const sent = ask(wanted, userAgent, isNew)
      const late = setTimeout(() => sent.destroy(), answerMsMax)
      try {
        const response = await responseTo(sent)
        const body = response && (await bodyOf(response))
        return response && body !== undefined ? { ...headOf(response), body } : undefined
      } finally {
        clearTimeout(late)
      }
    },

    async *lines(wanted, userAgent, signal) {
      const sent = ask(wanted, userAgent, true)
      const end = () => sent.destroy()
      signal.addEventListener('abort', end)
      try {
        const response = await responseTo(sent)
        if (response === undefined) return undefined
        const { code } = headOf(response)
        if (code !== 200) return { code, body: (await bodyOf(response)) ?? '' }
        yield* linesOf(response)
        return undefined
      } finally {
        signal.removeEventListener('abort', end)
        sent.destroy()
      }
    },

    close: () => agent.destroy(),
  }
}

/** Undefined where the connection ends without one. */
const responseTo = (sent: ClientRequest): Promise<IncomingMessage | undefined> =>
  new Promise((resolve) => {
    sent.on('response', resolve)
    sent.on('error', () => resolve(undefined))
    sent.on('close', () => resolve(undefined))
  })

const headOf = ({ statusCode = 0, headers }: IncomingMessage) => ({
  code: statusCode,
  auditId: String(headers['audit-id']),
})

/** The whole body; undefined where the connection broke before its end. */
async function bodyOf(response: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  try {
    for await (const part of response) parts.push(part as Buffer)
  } catch {
    return undefined
  }
  return response.complete ? Buffer.concat(parts).toString() : undefined
}

/** Whole lines only: an incomplete last line is dropped. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string, void> {
  let rest = ''
  response.setEncoding('utf8')
  try {
    for await (const part of response) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    if (!isCut(error)) throw error
  }
}

const isCut = (error: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'EPIPE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
