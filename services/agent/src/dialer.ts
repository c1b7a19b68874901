/** How probes and hooks reach a container over the network. */
export interface Dialer {
  /** The status with which the server answers; rejects where nothing does, or not in time. */
  http(request: HttpRequest): Promise<number>
  /** Resolves when the port takes a connection; rejects where it does not, or not in time. */
  connect(host: string, port: number, timeoutMs: number): Promise<void>
}

export type HttpRequest = {
  scheme: 'http' | 'https'
  host: string
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
}
