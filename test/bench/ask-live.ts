import type { startedApi } from '@reckon/api/fixture'
import { type Row, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'

type Api = Awaited<ReturnType<typeof startedApi>>

const live = '/api/v1/namespaces/default/configmaps'
/** So many list the past all the time, page by page, as kubectl does. */
const listers = 2

/** What requests about the present take, alone and while others list a large namespace of moments drawn at random. */
export async function askLive(api: Api, timeOf: () => string, count: number): Promise<Row[]> {
  const { ask } = api
  await ask('POST', live, { body: { kind: 'ConfigMap', metadata: { name: 'live' } } })
  const alone = await requests(api, count)
  const over = new AbortController()
  const listing = Array.from({ length: listers }, () => listPast(api, timeOf, over.signal))
  const meanwhile = await requests(api, count)
  over.abort()
  const pages = (await Promise.all(listing)).reduce((sum, each) => sum + each, 0)
  return (['GET', 'PATCH'] as const).flatMap((verb) => [
    rowOf(`${verb} of the present, alone`, alone[verb], ''),
    rowOf(
      `${verb}, while ${shown(pages)} pages of the past are listed`,
      meanwhile[verb],
      `p99 < ${shown(2 * alone[verb].percentileMs(0.99))}`,
    ),
  ])
}

type Times = { GET: Latencies; PATCH: Latencies }

async function requests({ ask }: Api, count: number): Promise<Times> {
  const times: Times = { GET: new Latencies(), PATCH: new Latencies() }
  const type = 'application/merge-patch+json'
  for (let n = 0; n < count; n++) {
    const body = { data: { n: `${n} of ${count}` } }
    await times.PATCH.time(() => ask('PATCH', `${live}/live`, { type, body }))
    await times.GET.time(() => ask('GET', `${live}/live`))
  }
  return times
}

/** Answers how many pages there were. */
async function listPast({ ask }: Api, timeOf: () => string, over: AbortSignal): Promise<number> {
  let pages = 0
  while (!over.aborted) {
    const found = await ask('GET', `/apis/history.reckon.dev/v1/position?at=${timeOf()}`)
    const { prefix }: { prefix: string } = JSON.parse(found.text)
    const { code, text } = await ask('GET', `${prefix}/api/v1/namespaces/bench/pods?limit=500`)
    if (code >= 400) throw new Error(text)
    pages += 1
  }
  return pages
}

const rowOf = (what: string, latencies: Latencies, goal: string): Row => ({
  what,
  'p50 ms': shown(latencies.percentileMs(0.5)),
  'p99 ms': shown(latencies.percentileMs(0.99)),
  goal,
})
