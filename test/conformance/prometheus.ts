import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isJsonObject } from '@reckon/kubernetes'
import { root } from '../run-tests.ts'

/** The folder of our dashboards. */
const boards = join(root, 'examples/monitoring/dashboards')
const run = promisify(execFile)

/** A query to Prometheus, and its source. */
export type Asked = { by: string; expression: string }

/** Why Prometheus cannot be tested here; false where it can. */
export async function missingPrometheus(): Promise<string | false> {
  for (const program of ['prometheus', 'promtool']) {
    const isThere = await run(program, ['--version']).then(
      () => true,
      () => false,
    )
    if (!isThere) return `${program} is not on the PATH`
  }
  return false
}

/** The queries of our dashboards' panels. */
export async function askedByBoards(): Promise<Asked[]> {
  const files = await readdir(boards)
  const all = await Promise.all(
    files.map(async (file) => {
      const { panels } = JSON.parse(await readFile(join(boards, file), 'utf8')) as Board
      return panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({
          by: `${file}: ${title}`,
          expression: expr.replaceAll('$__rate_interval', '1m'),
        })),
      )
    }),
  )
  return all.flat()
}

type Board = { panels: { title: string; targets: { expr: string }[] }[] }

/** A Prometheus' answer to a request of its API. */
export class PrometheusApi {
  readonly #root: string

  constructor(port: number) {
    this.#root = `http://127.0.0.1:${port}/api/v1`
  }

  /** The number of series of an expression; undefined where Prometheus does not understand it. */
  async count(expression: string): Promise<number | undefined> {
    const { status, data } = await this.#ask(`query?query=${encodeURIComponent(expression)}`)
    const result = isJsonObject(data) ? data.result : undefined
    return status === 'success' && Array.isArray(result) ? result.length : undefined
  }

  /** The recording and alerting rules. */
  async rules(): Promise<(Asked & { isAlert: boolean; isAlerting: boolean; problem: string })[]> {
    const { data } = (await this.#ask('rules')) as { data: { groups: { rules: Rule[] }[] } }
    return data.groups.flatMap(({ rules }) =>
      rules.map(({ name, query, type, state, lastError = '' }) => ({
        ...{ by: name, expression: query },
        ...{
          isAlert: type === 'alerting',
          isAlerting: state === 'pending' || state === 'firing',
          problem: lastError,
        },
      })),
    )
  }

  /** The addresses that it scrapes, each with its error; '' where there is none. */
  async targets(): Promise<{ url: string; health: string; problem: string }[]> {
    const { data } = (await this.#ask('targets')) as { data: { activeTargets: Target[] } }
    return data.activeTargets.map(({ scrapeUrl, health, lastError }) => ({
      ...{ url: scrapeUrl, health, problem: lastError },
    }))
  }

  /** Every metric of a name that it has. */
  async names(): Promise<ReadonlySet<string>> {
    const { data } = (await this.#ask('label/__name__/values')) as { data: string[] }
    return new Set(data)
  }

  async #ask(path: string): Promise<{ status: string; data: unknown }> {
    const answer = await fetch(`${this.#root}/${path}`)
    return answer.json() as Promise<{ status: string; data: unknown }>
  }
}

/** Only an alerting rule has a state: `inactive`, `pending` until it has held for its time, `firing`. */
type Rule = { name: string; query: string; type: string; state?: string; lastError?: string }
type Target = { scrapeUrl: string; health: string; lastError: string }
