import { get } from 'node:http'
import { startedApi } from '@reckon/api/fixture'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { fillView } from './filled-view.ts'
import { LongestTurn } from './longest-turn.ts'

const podCounts: Record<Size, number> = { tiny: 1_000, usual: 5_000, full: 20_000 }

export const scrape: Benchmark = {
  name: 'scrape',
  about:
    'The objects of a cluster under the names of kube-state-metrics, asked of an api over HTTP without TLS: how long it takes, and for how long at most it holds up all others.',
  async run(size) {
    const api = await startedApi({ over: createMemoryEventLog() })
    fillView(api.ports.objects, podCounts[size])
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
    const rows: Row[] = []
    for (const path of ['/metrics/kube-state', '/metrics']) {
      // The first scrape compiles.
      await scraped(url + path)
      rows.push({ pods: shown(podCounts[size]), what: path, ...(await measured(url + path)) })
    }
    await api.close()
    return rows
  },
}

async function measured(url: string): Promise<Row> {
  const turns = new LongestTurn()
  const begun = performance.now()
  const bytes = await scraped(url)
  const ms = performance.now() - begun
  return {
    MB: shown(bytes / 1e6),
    'whole ms': shown(ms),
    'longest turn ms': shown(turns.end()),
    goal: '≤ 20 in a turn',
  }
}

/** Reads an answer to its end; returns its length. */
const scraped = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, (answer) => {
      let bytes = 0
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length
      })
      answer.on('error', reject)
      answer.on('end', () => resolve(bytes))
    }).on('error', reject)
  })
