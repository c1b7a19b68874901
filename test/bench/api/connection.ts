import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import { Client, type Dispatcher } from 'undici'

/** The length of the body, and its beginning. */
export type Answer = { bytes: number; start: string }

type Asked = { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; path: string; body?: string }

/** A TLS connection that is kept alive. It carries one request at a time; further ones wait for their turn. */
export class Connection {
  readonly #client: Client
  readonly #headers: Record<string, string>

  constructor(client: Client, headers: Record<string, string>) {
    this.#client = client
    this.#headers = headers
  }

  /** Resolves with the answer's last byte; throws where the API refuses. */
  ask({ method, path, body }: Asked): Promise<Answer> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const headers = body === undefined ? this.#headers : { ...this.#headers, 'content-type': type }
    return new Promise((resolve, reject) => {
      let [code, bytes] = [0, 0]
      let first: Buffer | undefined
      this.#client.dispatch(
        { method, path, headers, body: body ?? null },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, status) => {
            code = status
          },
          onResponseData: (_controller, part) => {
            first ??= part
            bytes += part.length
          },
          onResponseEnd: () => {
            const start = first?.toString('utf8', 0, startBytesMax) ?? ''
            if (code < 300) resolve({ bytes, start })
            else reject(new Error(`${method} ${path} was answered ${code}: ${start}`))
          },
          onResponseError: (_controller, error) => reject(error),
        },
      )
    })
  }

  /** Passes on what arrives, until the connection is closed; resolves when the answer has begun. */
  follow(
    path: string,
    onPart: (part: Buffer) => void,
    onEnd: (error?: Error) => void,
  ): Promise<void> {
    const handler = (resolve: () => void): Dispatcher.DispatchHandler => ({
      onRequestStart: () => {},
      onResponseStart: (_controller, status) => {
        if (status === 200) resolve()
        else onEnd(new Error(`GET ${path} was answered ${status}`))
      },
      onResponseData: (_controller, part) => onPart(part),
      onResponseEnd: () => onEnd(),
      onResponseError: (_controller, error) => onEnd(error),
    })
    return new Promise((resolve) => {
      this.#client.dispatch({ method: 'GET', path, headers: this.#headers }, handler(resolve))
    })
  }

  /** Never reads the answer; resolves when it has begun. */
  neglect(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.dispatch(
        { method: 'GET', path, headers: this.#headers },
        {
          onRequestStart: () => {},
          onResponseStart: (controller) => {
            controller.pause()
            resolve()
          },
          onResponseData: () => {},
          onResponseEnd: () => {},
          onResponseError: (_controller, error) => reject(error),
        },
      )
    })
  }

  close(): Promise<void> {
    return this.#client.destroy()
  }
}

/** Finds a list's `metadata`, whatever its items. */
const startBytesMax = 1000

/** Opens connections to the API of a kubeconfig's current context, as its user. */
export async function connector(kubeconfig: string): Promise<() => Connection> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const server = config.getCurrentCluster()?.server
  if (!server) throw new Error(`${kubeconfig} names no cluster`)
  const headers: Record<string, string> = { accept: 'application/json' }
  const options: RequestOptions = { headers }
  await config.applyToHTTPSOptions(options)
  const { ca, cert, key, rejectUnauthorized } = options
  const connect = { ca, cert, key, ...(rejectUnauthorized === false && { rejectUnauthorized }) }
  // HTTP/1.1, which all servers speak, so that all are measured alike.
  const asAll = { connect, allowH2: false, bodyTimeout: 0, headersTimeout: 0 }
  return () => new Connection(new Client(server, asAll), headers)
}
