import type { Recorder } from '../../histories/recorder.ts'
import type { World } from '../world.ts'
import { Client, type Send } from './client.ts'
import { type HttpAnswer, HttpConnection, type HttpHead, type Server } from './http-connection.ts'
import type { Wanted } from './requests.ts'

/** The result of a request, for observers. */
export type Heard = { what: string; wanted: Wanted; answer: HttpAnswer }

/** The connections of a client, and the observer of its results. */
export type ClientPorts = { world: World; recorder: Recorder; onHeard(heard: Heard): void }

/** Longer than any timeout in the api. */
const answerMsMax = 12_000

/** A client of the simulated world. */
export const clientIn = (ports: ClientPorts, name: string): Client =>
  new Client(name, { recorder: ports.recorder, send: sendAs(ports, name) })

/** Each request goes to one of the apis that run. */
function sendAs({ world, onHeard }: ClientPorts, name: string): Send {
  return (wanted, userAgent) => {
    const server = serverOf(world)
    if (server === undefined) return Promise.resolve(undefined)
    const what = `${wanted.method} ${wanted.path} ${wanted.body ?? ''}`
    world.trace.record(`${name} asks ${server.process.name}: ${what} as ${userAgent}`)
    return new Promise((resolve) => {
      let head: HttpHead | undefined
      let body = ''
      const end = (answer: HttpAnswer | undefined, how: string) => {
        callOff()
        world.trace.record(`${name} is told: ${how}`)
        if (answer) world.guard(() => onHeard({ what, wanted, answer }))
        resolve(answer)
      }
      const connection = new HttpConnection(
        world,
        server,
        { ...wanted, userAgent },
        {
          head: (received) => {
            head = received
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

/** Any of the running apis. */
export function serverOf({ slots, random }: World): Server | undefined {
  const running = slots.flatMap(({ process, shown: { app } = {} }) =>
    process !== undefined && process.state !== 'Killed' && app ? [{ process, app }] : [],
  )
  return random.pick(running)
}
