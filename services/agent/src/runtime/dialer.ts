/** Nobody answered, not in time, or what a user asks for cannot be asked: a header or a port that is none. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** How probes and hooks reach a container over the network. */
export interface Dialer {
  /** The status with which the server answers, on the same host over redirects; rejects with `NoAnswer`. */
  http(request: HttpRequest): Promise<number>
  /** Resolves when the port takes a connection; rejects with `NoAnswer`. */
  connect(host: string, port: number, timeoutMs: number): Promise<void>
  /** What the server says of its health, as grpc.health.v1 names it; rejects with `NoAnswer`. */
  grpc(request: GrpcRequest): Promise<string>
  /** A connection to the port; rejects with `NoAnswer`. */
  open(host: string, port: number, timeoutMs: number): Promise<Connection>
}

/** Bytes in both directions, each of which ends by itself. Nothing is read ahead of a slow reader. */
export interface Connection {
  /** What the other end says, until it says no more. For one reader. */
  readonly incoming: AsyncIterable<Uint8Array>
  /** Resolves when the other end takes more; false where it takes no more at all. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Nothing more is written. */
  end(): void
  /** It is over in both directions. */
  close(): void
}

/** `service` is empty for the server as a whole. */
export type GrpcRequest = { host: string; port: number; service: string; timeoutMs: number }

export type HttpRequest = {
  scheme: 'http' | 'https'
  host: string
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
}
