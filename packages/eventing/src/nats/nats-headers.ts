import { headers as emptyHeaders, type MsgHdrs } from 'nats'
import type { Headers } from '../bus/bus.ts'

/** Headers in the form of the client's options. */
export function withHeaders(headers: Headers | undefined): { headers?: MsgHdrs } {
  if (headers === undefined) return {}
  const encoded = emptyHeaders()
  for (const [name, value] of Object.entries(headers)) encoded.set(name, value)
  return { headers: encoded }
}
