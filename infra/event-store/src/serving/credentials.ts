import { createHash, timingSafeEqual } from 'node:crypto'
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import { accessDenied } from '../protocol/errors.ts'

/** The one login that a store knows. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** Who may call, and who hears of it. */
export interface Admission {
  /** Without credentials every call is let in. */
  readonly credentials: Credentials | undefined
  /** A call of this peer was let in. */
  readonly admit: (peer: string) => void
}

/**
 * Refuses every call that does not carry the credentials (HTTP's basic authentication). Features
 * and gossip are asked before a client logs in: those it answers, as EventStoreDB does, but they
 * let nobody in.
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
