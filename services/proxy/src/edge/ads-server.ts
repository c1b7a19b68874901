import { chmod, rm } from 'node:fs/promises'
import * as grpc from '@grpc/grpc-js'
import { type DeltaRequest, decodeDeltaRequest, encodeDeltaResponse } from './delta-message.ts'
import { DeltaStream } from './delta-stream.ts'
import type { ResourceTable } from './resource-table.ts'

export type AdsServerOptions = {
  socket: string
  table: ResourceTable
  onConnected(): void
  onDisconnected(): void
  onAnswered(type: string, rejection?: string): void
}

const service = {
  DeltaAggregatedResources: {
    path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: decodeDeltaRequest,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
} as const

/** Serves Envoy's delta discovery on a unix socket that only its owner can open. */
export class AdsServer {
  readonly streams = new Set<DeltaStream>()
  #listening = false
  readonly #server = new grpc.Server()
  readonly #options: AdsServerOptions

  constructor(options: AdsServerOptions) {
    this.#options = options
    const serve = (call: grpc.ServerDuplexStream<DeltaRequest, Buffer>) => this.#serve(call)
    this.#server.addService(service, { DeltaAggregatedResources: serve })
  }

  async listen(): Promise<void> {
    if (this.#listening) return
    const { socket } = this.#options
    // The socket of an earlier process; Envoy reconnects to whoever listens now.
    await rm(socket, { force: true })
    await new Promise<void>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure()
      this.#server.bindAsync(`unix:${socket}`, credentials, (error) =>
        error === null ? resolve() : reject(error),
      )
    })
    this.#listening = true
    await chmod(socket, 0o600)
  }

  close(): void {
    this.#server.forceShutdown()
  }

  #serve(call: grpc.ServerDuplexStream<DeltaRequest, Buffer>): void {
    const { table, onConnected, onDisconnected, onAnswered } = this.#options
    const stream = new DeltaStream({
      table,
      onAnswered,
      send: (response) => call.write(encodeDeltaResponse(response)),
    })
    const end = () => {
      if (!this.streams.delete(stream)) return
      stream.close()
      onDisconnected()
    }
    this.streams.add(stream)
    call.on('data', (request: DeltaRequest) => {
      stream.receive(request)
      onConnected()
    })
    call.on('end', () => call.end())
    call.on('error', end)
    call.on('close', end)
    call.on('cancelled', end)
  }
}
