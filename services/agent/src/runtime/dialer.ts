/** There was no answer, not in time, or the request is impossible: an invalid header or port. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Connects probes and hooks to containers. */
export interface Dialer {
  /** The status of the server's answer, after redirects on the same host; rejects with `NoAnswer`. */
  http(request: HttpRequest): Promise<number>
  /** Resolves when the port accepts a connection; rejects with `NoAnswer`. */
  connect(host: string, port: number, timeoutMs: number): Promise<void>
  /** The server's health in the terms of grpc.health.v1; rejects with `NoAnswer`. */
  grpc(request: GrpcRequest): Promise<string>
  /** Opens a connection; rejects with `NoAnswer`. */
  open(host: string, port: number, timeoutMs: number): Promise<Connection>
}

/** A byte stream whose directions end separately. Nothing is read ahead of a slow reader. */
export interface Connection {
  /** The received bytes. For one reader. */
  readonly incoming: AsyncIterable<Uint8Array>
  /** Resolves when more can be written; false where the other end accepts no more. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Ends writing. */
  end(): void
  /** Closes both directions. */
  close(): void
}

/** `service` is empty for the whole server. */
export type GrpcRequest = { host: string; port: number; service: string; timeoutMs: number }

export type HttpRequest = {
  scheme: 'http' | 'https'
  host: string
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
}
