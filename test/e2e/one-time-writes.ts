import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, openApi } from './ask-api.ts'

type Api = ReturnType<typeof openApi>

/** A write that was sent once and never repeated: only its token tells whether it is recorded. */
export type OneTimeWrite = Answer & { token: string }

const namespace = '/api/v1/namespaces/default'
export const configMaps = `${namespace}/configmaps`
const pauseMs = 50

const object = (kind: string, name: string, content: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...content,
})

/** How each kind of writer writes a token; the last of them changes the same object in all its writes. */
const writes = {
  configMap: (api: Api, token: string) => api.ask('POST', configMaps, object('ConfigMap', token)),
  // With a reservation before: two appends to two streams.
  service: (api: Api, token: string) =>
    api.ask(
      'POST',
      `${namespace}/services`,
      object('Service', token, { spec: { ports: [{ port: 80 }] } }),
    ),
  patch: (api: Api, token: string) =>
    api.ask('PATCH', `${configMaps}/patched`, { data: { [token]: '' } }),
}

/** Creates the object that the patches change. */
export const preparePatched = (api: Api): Promise<Answer> =>
  api.ask('POST', configMaps, object('ConfigMap', 'patched'))

/** Several writers of each kind, each write with its own token, until stopped. */
export async function keepWriting(
  api: Api,
  prefix: string,
  signal: AbortSignal,
): Promise<OneTimeWrite[]> {
  const rows = [writes.configMap, writes.configMap, writes.service, writes.service, writes.patch]
  const written = rows.map(async (write, row) => {
    const answers: OneTimeWrite[] = []
    for (let number = 0; !signal.aborted; number++) {
      const token = `${prefix}-${row}-${number}`
      answers.push({ token, ...(await write(api, token)) })
      await sleep(pauseMs)
    }
    return answers
  })
  return (await Promise.all(written)).flat()
}

type LoggedEvent = {
  type: string
  stream: string
  data: { patch?: { path: string; value?: unknown }[] }
}

/** The tokens in the log, with repetitions. */
export function recordedTokens(events: readonly LoggedEvent[]): string[] {
  return events.flatMap(({ type, stream, data: { patch = [] } }) => {
    if (/^(ConfigMap|Service)Created$/.test(type)) {
      return /^(?:configmaps|services)-default\/(.+)/.exec(stream)?.[1] ?? []
    }
    if (stream !== 'configmaps-default/patched') return []
    return patch.flatMap(({ path, value }) =>
      path === '/data' ? Object.keys(value as object) : (path.split('/data/')[1] ?? []),
    )
  })
}
