import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js'
import type { GrpcRequest } from '../runtime/dialer.ts'

const method = '/grpc.health.v1.Health/Check'
/** `HealthCheckResponse.ServingStatus`, by number. */
const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

/** Asks a server for its health by the gRPC health checking protocol; returns the name of its status. */
export async function healthOf({ host, port, service, timeoutMs }: GrpcRequest): Promise<string> {
  const client = new Client(`${host}:${port}`, credentials.createInsecure(), {
    'grpc.primary_user_agent': 'kube-probe/reckon',
  })
  const deadline = new Date(Date.now() + timeoutMs)
  try {
    return await new Promise<string>((resolve, reject) => {
      client.makeUnaryRequest(
        method,
        requestFor,
        statusIn,
        service,
        { deadline },
        (error, answer) => (error ? reject(inWords(error)) : resolve(answer ?? 'UNKNOWN')),
      )
    })
  } finally {
    client.close()
  }
}

/** `HealthCheckRequest`: its first field is the service's name. */
function requestFor(service: string): Buffer {
  const name = Buffer.from(service)
  if (name.length === 0) return name
  const lengths = []
  for (let rest = name.length; ; rest >>= 7) {
    if (rest < 128) {
      lengths.push(rest)
      break
    }
    lengths.push((rest & 127) | 128)
  }
  return Buffer.concat([Buffer.from([0x0a, ...lengths]), name])
}

/** `HealthCheckResponse`: its first field is the status, absent where that is 0. */
const statusIn = (bytes: Buffer): string =>
  statuses[bytes[0] === 0x08 ? (bytes[1] ?? 0) : 0] ?? 'UNKNOWN'

/** The message as grpc_health_probe words it. */
function inWords({ code, details }: ServiceError): Error {
  if (code === status.UNIMPLEMENTED) {
    return new Error(
      `this server does not implement the grpc health protocol (grpc.health.v1.Health): ${details}`,
    )
  }
  return new Error(`${status[code]}: ${details}`)
}
