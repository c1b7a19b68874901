import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The link that opens a session works so long, and once. */
const codeMsMax = 60_000

/**
 * The sessions of a door. One begins with a code that stands in a link; it is a cookie, which a browser shows to every
 * port of the host, and another half, which the page of this door alone knows.
 */
export class DoorSessions {
  readonly #now: () => number
  readonly #cookieName: string
  readonly #codes = new Map<string, number>()
  readonly #halves = new Map<string, string>()

  /** Doors on other ports of the host have cookies of other names. */
  constructor(now: () => number, port: number) {
    this.#now = now
    this.#cookieName = `reckon-door-${port}`
  }

  newCode(): string {
    const code = secret()
    this.#codes.set(code, this.#now() + codeMsMax)
    return code
  }

  /** The cookie and the half of a new session; undefined where the code was used already, or is too old. */
  begin(code: string): { cookie: string; half: string } | undefined {
    const endsMs = this.#codes.get(code)
    this.#codes.delete(code)
    if (endsMs === undefined || endsMs < this.#now()) return undefined
    const [own, half] = [secret(), secret()]
    this.#halves.set(own, half)
    return { cookie: `${this.#cookieName}=${own}; Path=/; HttpOnly; SameSite=Strict`, half }
  }

  /** Whether a request shows both halves of one session. */
  holds(headers: IncomingHttpHeaders): boolean {
    const half = headers['x-reckon-ui'] ?? halfOffered(headers)
    const known = this.#halves.get(this.#ownIn(headers))
    return typeof half === 'string' && known !== undefined && isSame(half, known)
  }

  /** Ends the session of a request; answers the cookie that takes its own away. */
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

/** A WebSocket of a browser sends no header of the page: there the half is one of the protocols that it offers. */
const halfProtocol = 'half.ui.reckon.dev.'

const protocolsIn = ({ 'sec-websocket-protocol': offered = '' }: IncomingHttpHeaders) =>
  offered.split(',').map((each) => each.trim())

const halfOffered = (headers: IncomingHttpHeaders): string | undefined =>
  protocolsIn(headers)
    .find((each) => each.startsWith(halfProtocol))
    ?.slice(halfProtocol.length)

/** The protocols that a WebSocket offers, without what is a session's. */
export const offeredProtocols = (headers: IncomingHttpHeaders): string =>
  protocolsIn(headers)
    .filter((each) => !each.startsWith(halfProtocol))
    .join()

const secret = (): string => randomBytes(24).toString('base64url')

const isSame = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b))
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
