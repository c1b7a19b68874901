import { StatusError } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'

/** A signal that aborts when the client has gone, or when the other signal does. */
export function untilGone({ raw }: Pick<FastifyReply, 'raw'>, other?: AbortSignal): AbortSignal {
  const gone = new AbortController()
  const refusal = new StatusError('Timeout', 'the client has gone')
  const abort = () => gone.abort(refusal)
  if (raw.destroyed) abort()
  else raw.once('close', abort)
  return other ? AbortSignal.any([gone.signal, other]) : gone.signal
}
