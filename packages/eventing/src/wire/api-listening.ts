import { isIpAddress } from '@reckon/kubernetes'
import { countAt, fieldsOf, jsonIn, textAt } from '../parse.ts'

/** Each api publishes here every second where it can be reached. */
export const apiListening = 'apis.listening'

/** The address at which pods reach an api. */
export type Listening = { address: string; port: number }

const portMax = 65_535

export const encodeListening = (listening: Listening): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(listening))

/** Parses what an api has published; throws SyntaxError where it is invalid. */
export function listeningIn(data: Uint8Array): Listening {
  const fields = fieldsOf(jsonIn(data))
  const [address, port] = [textAt(fields, 'address'), countAt(fields, 'port')]
  if (!isIpAddress(address) || port > portMax) throw new SyntaxError('nobody listens there')
  return { address, port }
}
