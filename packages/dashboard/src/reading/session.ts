const key = 'reckon-session'
const halfProtocol = 'half.ui.reckon.dev.'

/**
 * Who looks on, if they signed in here: one half of the session is a cookie that no script reads, the other half is
 * kept for this port alone and sent as a header. Neither is worth anything without the other.
 */
export class Session {
  get headers(): Readonly<Record<string, string>> {
    const half = localStorage.getItem(key)
    return half === null ? {} : { 'x-reckon-ui': half }
  }

  /** The same as a protocol that a WebSocket offers; nobody speaks it. */
  get protocols(): readonly string[] {
    const half = localStorage.getItem(key)
    return half === null ? [] : [`${halfProtocol}${half}`]
  }

  /** Exchanges a token, or the code of a link that works once, for a session; throws why not. */
  async begin(shown: { token: string } | { code: string }): Promise<void> {
    const response = await fetch('session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(shown),
    })
    const told: { half?: string; message?: string } = await response.json()
    if (told.half === undefined) throw new Error(told.message ?? response.statusText)
    localStorage.setItem(key, told.half)
  }

  async end(): Promise<void> {
    localStorage.removeItem(key)
    await fetch('session', { method: 'DELETE' })
  }
}

/** The code of a link that works once: it leaves the address before anything else is done. */
export function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1]
  if (code !== undefined) history.replaceState(null, '', '#/')
  return code
}
