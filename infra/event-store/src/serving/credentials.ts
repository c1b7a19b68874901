import { createHash, timingSafeEqual } from 'node:crypto'
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import { accessDenied } from '../protocol/errors.ts'

/** The only login of a store. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** What authentication needs. */
export interface Admission {
  /** Without credentials every call is admitted. */
  readonly credentials: Credentials | undefined
  /** Called when a call of this peer was admitted. */
  readonly admit: (peer: string) => void
}

/**
 * Refuses every call that does not carry the credentials (HTTP's basic authentication). Features and gossip are read
 * before a client logs in: these are answered, as EventStoreDB does, but do not admit the connection.
 */
export function createAuthentication({ credentials, admit }: Admission): ServerInterceptor {
  const isAllowed = credentials === undefined ? () => true : createCheck(credentials)
  return (method, call) => {
    if (!method.path.startsWith('/event_store.client.streams.'))
      return new ServerInterceptingCall(call)
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            if (!isAllowed(metadata)) return call.sendStatus(accessDenied())
            admit(call.getPeer())
            pass(metadata)
          },
        }),
    })
  }
}

function createCheck({ username, password }: Credentials): (metadata: Metadata) => boolean {
  const wanted = digest(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`)
  return (metadata) => {
    const [given] = metadata.get('authorization')
    // Comparing digests takes the same time however much of a guess is right.
    return timingSafeEqual(digest(given?.toString() ?? ''), wanted)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
