import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The link that opens a session is valid for this long, and once. */
const codeMsMax = 60_000

/**
 * The sessions of `reckon dashboard`. A session begins with a code in a link. It has two halves: a cookie, which the
 * browser sends to every port of the host, and a secret that only this proxy's page knows.
 */
export class ProxySessions {
  readonly #now: () => number
  readonly #cookieName: string
  readonly #codes = new Map<string, number>()
  readonly #halves = new Map<string, string>()

  /** The cookie's name contains the port, because browsers share cookies between the ports of a host. */
  constructor(now: () => number, port: number) {
    this.#now = now
    this.#cookieName = `reckon-dashboard-${port}`
  }

  newCode(): string {
    const code = secret()
    this.#codes.set(code, this.#now() + codeMsMax)
    return code
  }

  /** The cookie and the secret of a new session; undefined where the code was used already, or has expired. */
  begin(code: string): { cookie: string; half: string } | undefined {
    const endsMs = this.#codes.get(code)
    this.#codes.delete(code)
    if (endsMs === undefined || endsMs < this.#now()) return undefined
    const [own, half] = [secret(), secret()]
    this.#halves.set(own, half)
    return { cookie: `${this.#cookieName}=${own}; Path=/; HttpOnly; SameSite=Strict`, half }
  }

  /** Whether a request has both halves of one session. */
  holds(headers: IncomingHttpHeaders): boolean {
    const half = headers['x-reckon-ui'] ?? halfOffered(headers)
    const known = this.#halves.get(this.#ownIn(headers))
    return typeof half === 'string' && known !== undefined && isSame(half, known)
  }

  /** Ends a request's session; returns the header that deletes its cookie. */
  end(headers: IncomingHttpHeaders): string {
    this.#halves.delete(this.#ownIn(headers))
    return `${this.#cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`
  }

  #ownIn({ cookie = '' }: IncomingHttpHeaders): string {
    const start = `${this.#cookieName}=`
    const found = cookie.split(/; */).find((each) => each.startsWith(start))
    return found?.slice(start.length) ?? ''
  }
}

/**
 * A browser's WebSocket cannot send a header of the page, so there the secret is one of the subprotocols that it
 * offers.
 */
const halfProtocol = 'half.ui.reckon.dev.'

const protocolsIn = ({ 'sec-websocket-protocol': offered = '' }: IncomingHttpHeaders) =>
  offered.split(',').map((each) => each.trim())

const halfOffered = (headers: IncomingHttpHeaders): string | undefined =>
  protocolsIn(headers)
    .find((each) => each.startsWith(halfProtocol))
    ?.slice(halfProtocol.length)

/** The subprotocols that a WebSocket offers, without the session's. */
export const offeredProtocols = (headers: IncomingHttpHeaders): string =>
  protocolsIn(headers)
    .filter((each) => !each.startsWith(halfProtocol))
    .join()

const secret = (): string => randomBytes(24).toString('base64url')

const isSame = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b))
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
