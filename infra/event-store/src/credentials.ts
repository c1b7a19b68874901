import { createHash, timingSafeEqual } from 'node:crypto'
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import { accessDenied } from './errors.ts'

/** The one login that a store knows. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * Refuses every call that does not carry the credentials (HTTP's basic authentication). Features
 * and gossip are asked before a client logs in: those it lets through, as EventStoreDB does.
 */
export function createAuthentication({ username, password }: Credentials): ServerInterceptor {
  const wanted = digest(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`)
  const isAllowed = (metadata: Metadata) => {
    const [given] = metadata.get('authorization')
    // Comparing digests takes the same time however much of a guess is right.
    return timingSafeEqual(digest(given?.toString() ?? ''), wanted)
  }
  return (method, call) => {
    if (!method.path.startsWith('/event_store.client.streams.'))
      return new ServerInterceptingCall(call)
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            if (isAllowed(metadata)) pass(metadata)
            else call.sendStatus(accessDenied())
          },
        }),
    })
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
