import type { Session } from './session.ts'

/** What the API refused, in its own words; code 0 where it was not reached. */
export class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** Why a question was not answered, whatever was thrown. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal(0, String(error))

type RequestOptions = {
  signal?: AbortSignal
  accept?: string
  method?: string
  body?: unknown
  /** Instead of a body as JSON, a text of the type that is said. */
  text?: string
  /** Of the body; JSON where nothing else is said. */
  type?: string
}

/** The document, as far as it tells whether anybody sees it. */
type Sight = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>

/** The API, as the page reaches it: whatever stands before `/ui/` in its address stands before every path. */
export class Reading {
  readonly #session: Session
  readonly #root: URL
  readonly #sight: Sight
  #onUnknown: (() => void) | undefined
  /** What was asked ahead, by its path, until somebody takes the answer. */
  readonly #ahead = new Map<string, Promise<Response>>()
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(session: Session, root: URL, sight: Sight) {
    this.#session = session
    this.#root = root
    this.#sight = sight
  }

  /** Calls back, once, when the API does not know any more who looks on. */
  onceUnknown(tell: () => void): void {
    this.#onUnknown = tell
  }

  /** The answer's object; throws what the API refuses. */
  json<T>(path: string, asked: RequestOptions = {}): Promise<T> {
    const ahead = this.#ahead.get(path)
    this.#ahead.delete(path)
    const told = (ahead ?? this.#answer(path, asked)).then((response) => response.json())
    this.#underWay.add(told)
    const end = () => this.#underWay.delete(told)
    told.then(end, end)
    return told
  }

  /** Asks what will be asked soon: the next who asks for this path has that answer, unless it went wrong by then. */
  ahead(path: string, asked: RequestOptions): void {
    const answer = this.#answer(path, asked)
    answer.catch(() => {
      if (this.#ahead.get(path) === answer) this.#ahead.delete(path)
    })
    this.#ahead.set(path, answer)
  }

  /** Resolves when nothing is asked that is not answered: what an answer leads to is waited for as well. */
  async answered(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
  }

  /**
   * Follows something as long as the page is seen, and anew when it is seen again: a browser lets a server have six
   * connections for all that it shows of it, so that pages in the background must not keep any. Until the signal aborts,
   * or what follows has an end of its own.
   */
  async whileSeen(
    signal: AbortSignal,
    follow: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    while (!signal.aborted) {
      await this.#seen(signal)
      const hidden = new AbortController()
      const look = () => {
        if (this.#sight.visibilityState === 'hidden') hidden.abort()
      }
      this.#sight.addEventListener('visibilitychange', look)
      await follow(AbortSignal.any([signal, hidden.signal]))
      this.#sight.removeEventListener('visibilitychange', look)
      if (!hidden.signal.aborted) return
    }
  }

  async #seen(signal: AbortSignal): Promise<void> {
    while (this.#sight.visibilityState === 'hidden' && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const once = () => resolve()
      this.#sight.addEventListener('visibilitychange', once)
      signal.addEventListener('abort', once)
      await promise
      this.#sight.removeEventListener('visibilitychange', once)
      signal.removeEventListener('abort', once)
    }
  }

  /**
   * Each line of an answer as it comes, which may be without end; throws what the API refuses, and when it breaks off.
   */
  async *lines<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
    let rest = ''
    for await (const part of this.texts(path, signal, 'application/json')) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield JSON.parse(line)
    }
  }

  /** The parts of a text as they come; throws what the API refuses, and when it breaks off. */
  async *texts(path: string, signal: AbortSignal, accept = '*/*'): AsyncGenerator<string> {
    const { body } = await this.#answer(path, { signal, accept })
    yield* textsOf(body)
  }

  /**
   * A connection over which the API speaks this protocol; a browser lets no header in, so that the session's half is
   * another.
   */
  socket(path: string, protocol: string): WebSocket {
    const url = new URL(path, this.#root)
    url.protocol = url.protocol.replace('http', 'ws')
    return new WebSocket(url, [protocol, ...this.#session.protocols])
  }

  async #answer(path: string, asked: RequestOptions): Promise<Response> {
    const { signal, accept, method = 'GET', body, type = 'application/json' } = asked
    const sent = asked.text ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(new URL(path, this.#root), {
      ...(signal && { signal }),
      ...(sent !== undefined && { body: sent }),
      method,
      credentials: 'same-origin',
      // Answers of the past say themselves what they are worth; those of the present stay on no disk.
      cache: path.startsWith('at/') ? 'default' : 'no-store',
      headers: {
        accept: accept ?? 'application/json',
        ...(sent !== undefined && { 'content-type': type }),
        ...this.#session.headers,
      },
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw new Refusal(0, error instanceof Error ? error.message : String(error))
    })
    if (response.ok) return response
    if (response.status === 401) {
      const tell = this.#onUnknown
      this.#onUnknown = undefined
      tell?.()
    }
    throw new Refusal(response.status, messageOf(await response.text()))
  }
}

async function* textsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}

/** A Status says why in its message. */
function messageOf(text: string): string {
  try {
    const { message }: { message?: string } = JSON.parse(text)
    return message ?? text
  } catch {
    return text
  }
}
