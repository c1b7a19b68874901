import type { KubernetesObject } from '@reckon/kubernetes'
import { answerOf } from '../../histories/answer-of.ts'
import type { Answer, Asked, Ref } from '../../histories/operation.ts'
import { keyOf } from '../../histories/operation.ts'
import type { Recorder } from '../../histories/recorder.ts'
import type { World } from '../world.ts'
import { type HttpAnswer, HttpConnection, type HttpHead, type Server } from './http-connection.ts'
import { reading, versionOf, type Wanted } from './requests.ts'

/** How a request ended, for who looks at each. */
export type Heard = { what: string; isWrite: boolean; answer: HttpAnswer }

/** What a client speaks through, and to whom it tells what it heard. */
export type ClientPorts = { world: World; recorder: Recorder; onHeard(heard: Heard): void }

/** Longer than anything in the api waits. */
const answerMsMax = 12_000
const plainAgent = 'kubectl/v1.34'
const seenMax = 40

/** One person at work: asks one thing after the other, of whichever api answers, and remembers what it was shown. */
export class Client {
  readonly name: string
  /** By key, as last shown; deleted ones too, for nobody tells a client to forget. */
  readonly seen = new Map<string, KubernetesObject>()
  /** The last two that it gave each object. */
  readonly tokens = new Map<string, readonly string[]>()
  readonly #ports: ClientPorts
  #tokens = 0

  constructor(ports: ClientPorts, name: string) {
    this.#ports = ports
    this.name = name
  }

  nextToken(): string {
    this.#tokens += 1
    return `${this.name}-${this.#tokens}`
  }

  /** A request whose answer is judged by the log. */
  async ask(asked: Exclude<Asked, { verb: 'watch' }>, wanted: Wanted): Promise<Answer> {
    return (await this.#ask(asked, wanted)).said
  }

  async #ask(asked: Exclude<Asked, { verb: 'watch' }>, wanted: Wanted) {
    const recording = this.#ports.recorder.begin(this.name, asked)
    const answer = await this.#send(wanted, recording.userAgent)
    const said: Answer = answer ? answerOf(asked, answer.code, answer.body) : { type: 'Unknown' }
    recording.answered(said, answer?.auditId)
    const body = answer?.body ?? ''
    if (said.type === 'Done') this.#remember(said.seen.ref, JSON.parse(body))
    return { said, body }
  }

  /** As `ask`, for a page: with the token by which the next one is asked for. */
  async list(
    asked: Extract<Asked, { verb: 'list' }>,
    wanted: Wanted,
  ): Promise<{ answer: Answer; token: string | undefined }> {
    const { said, body } = await this.#ask(asked, wanted)
    if (said.type !== 'Listed') return { answer: said, token: undefined }
    const { metadata } = JSON.parse(body) as { metadata: { continue?: string } }
    return { answer: said, token: metadata.continue }
  }

  /** A request of which the history has no words: only that it is not answered falsely is seen to. */
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

  #send(wanted: Wanted, userAgent: string): Promise<HttpAnswer | undefined> {
    const { world, onHeard } = this.#ports
    const server = serverOf(world)
    if (server === undefined) return Promise.resolve(undefined)
    const what = `${wanted.method} ${wanted.path} ${wanted.body ?? ''}`
    world.trace.tell(`${this.name} asks ${server.process.name}: ${what} as ${userAgent}`)
    return new Promise((resolve) => {
      let head: HttpHead | undefined
      let body = ''
      const end = (answer: HttpAnswer | undefined, how: string) => {
        callOff()
        world.trace.tell(`${this.name} is told: ${how}`)
        if (answer) world.guard(() => onHeard({ what, isWrite: wanted.method !== 'GET', answer }))
        resolve(answer)
      }
      const connection = new HttpConnection(
        world,
        server,
        { ...wanted, userAgent },
        {
          head: (told) => {
            head = told
          },
          chunk: (text) => {
            body += text
          },
          ended: () => end(head && { ...head, body }, `${head?.code} ${shown(body)}`),
          cut: () => end(undefined, 'nothing, the connection is cut'),
        },
      )
      const callOff = world.timeline.after(answerMsMax, () => connection.close())
    })
  }
}

const shownMax = 300
const shown = (body: string): string =>
  body.length > shownMax ? `${body.slice(0, shownMax)}…` : body

/** One of the apis that run, whichever. */
export function serverOf({ places, random }: World): Server | undefined {
  const running = places.flatMap(({ process, shown: { app } = {} }) =>
    process !== undefined && process.state !== 'Killed' && app ? [{ process, app }] : [],
  )
  return random.pick(running)
}
