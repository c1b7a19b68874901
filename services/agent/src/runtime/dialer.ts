/** Nobody answered, not in time, or what a user asks for cannot be asked: a header or a port that is none. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** How probes and hooks reach a container over the network. */
export interface Dialer {
  /** The status with which the server answers; rejects with `NoAnswer`. */
  http(request: HttpRequest): Promise<number>
  /** Resolves when the port takes a connection; rejects with `NoAnswer`. */
  connect(host: string, port: number, timeoutMs: number): Promise<void>
}

type HttpRequest = {
  scheme: 'http' | 'https'
  host: string
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
}
