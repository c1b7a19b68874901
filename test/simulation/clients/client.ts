import type { KubernetesObject } from '@reckon/kubernetes'
import { answerOf } from '../../histories/answer-of.ts'
import type { Answer, Asked, Ref } from '../../histories/operation.ts'
import { keyOf } from '../../histories/operation.ts'
import type { Recorder } from '../../histories/recorder.ts'
import type { HttpAnswer } from './http-connection.ts'
import { reading, versionOf, type Wanted } from './requests.ts'

/** Sends a request; undefined where no answer arrived, or only a part of one. */
export type Send = (wanted: Wanted, userAgent: string) => Promise<HttpAnswer | undefined>

const plainAgent = 'kubectl/v1.34'
const seenMax = 40

/** One user: sends one request after the other, to whichever api answers, and remembers the answers. */
export class Client {
  readonly name: string
  /** By key, as last seen; also deleted ones, because nobody tells a client to forget. */
  readonly seen = new Map<string, KubernetesObject>()
  /** The last two tokens that it gave each object. */
  readonly tokens = new Map<string, readonly string[]>()
  readonly #recorder: Recorder
  readonly #send: Send
  #tokens = 0

  constructor(name: string, { recorder, send }: { recorder: Recorder; send: Send }) {
    this.name = name
    this.#recorder = recorder
    this.#send = send
  }

  nextToken(): string {
    this.#tokens += 1
    return `${this.name}-${this.#tokens}`
  }

  /** A request whose answer is checked against the log. */
  async ask(asked: Exclude<Asked, { verb: 'watch' }>, wanted: Wanted): Promise<Answer> {
    return (await this.#ask(asked, wanted)).said
  }

  async #ask(asked: Exclude<Asked, { verb: 'watch' }>, wanted: Wanted) {
    const recording = this.#recorder.begin(this.name, asked)
    const answer = await this.#send(wanted, recording.userAgent)
    const said: Answer = answer ? answerOf(asked, answer.code, answer.body) : { type: 'Unknown' }
    recording.answered(said, answer?.auditId)
    const body = answer?.body ?? ''
    if (said.type === 'Done') this.#remember(said.seen.ref, JSON.parse(body))
    return { said, body }
  }

  /** As `ask`, for a page; with the token for the next one. */
  async list(
    asked: Extract<Asked, { verb: 'list' }>,
    wanted: Wanted,
  ): Promise<{ answer: Answer; token: string | undefined }> {
    const { said, body } = await this.#ask(asked, wanted)
    if (said.type !== 'Listed') return { answer: said, token: undefined }
    const { metadata } = JSON.parse(body) as { metadata: { continue?: string } }
    return { answer: said, token: metadata.continue }
  }

  /** A request that the history does not model: it is only checked that its answer is not false. */
  async askPlainly(wanted: Wanted): Promise<HttpAnswer | undefined> {
    return this.#send(wanted, plainAgent)
  }

  get(ref: Ref, path: string, version?: bigint): Promise<Answer> {
    const asked = { verb: 'get', ref, ...(version !== undefined && { version }) } as const
    return this.ask(asked, reading(path, { resourceVersion: versionOf(asked) }))
  }

  #remember(ref: Ref, object: KubernetesObject): void {
    const key = keyOf(ref)
    this.seen.delete(key)
    this.seen.set(key, object)
    if (this.seen.size > seenMax) this.seen.delete(this.seen.keys().next().value ?? '')
  }
}
