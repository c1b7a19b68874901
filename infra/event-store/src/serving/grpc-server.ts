import type { ServerHttp2Stream } from 'node:http2'
import { Server, type ServerInterceptor } from '@grpc/grpc-js'

/** The client receives no larger message than 17 MiB. */
const messageBytesMax = 17 << 20

/** EventStoreDB's own limit on the calls of one connection: what works here works there. */
const callsPerConnectionMax = 100

/** Internals of gRPC's server that have to be guarded. */
interface ServerInternals {
  _streamHandler(interceptors: unknown, stream: ServerHttp2Stream, headers: unknown): void
}

/** A gRPC server that pings each connection, and that no cancelled call can end. */
export function createGrpcServer(silenceMsMax: number, interceptor: ServerInterceptor): Server {
  const server = new Server({
    'grpc.max_receive_message_length': messageBytesMax,
    'grpc.max_send_message_length': messageBytesMax,
    'grpc.max_concurrent_streams': callsPerConnectionMax,
    'grpc.keepalive_time_ms': silenceMsMax,
    'grpc.keepalive_timeout_ms': silenceMsMax,
    'grpc.enable_channelz': 0,
    interceptors: [interceptor],
  })
  // A call may be reset before it is looked at. The server answers it nevertheless, where it knows
  // no such method, and the exception would end the process.
  const internals = server as unknown as ServerInternals
  const handle = internals._streamHandler
  internals._streamHandler = function (interceptors, stream, headers) {
    if (!stream.destroyed) handle.call(this, interceptors, stream, headers)
  }
  return server
}
