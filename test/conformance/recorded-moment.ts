import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { printedBy, type Shell } from './run-script.ts'

/** What kubectl printed at one position of the log while that was the newest, the table between two times. */
export type RecordedMoment = { position: string; yaml: string; table: string; times: string[] }

const triesMax = 40
const pollMs = 250

/** Runs every command while nothing happens: the log is as long afterwards as before. */
export async function recordMoment(shell: Shell): Promise<RecordedMoment> {
  const read = (file: string) => readFile(join(shell.folder, file), 'utf8')
  const head = "kubectl get --raw '/api/v1/namespaces/none/configmaps?limit=1'"
  const time = 'date -u +%FT%T.%3NZ'
  for (let tries = 0; tries < triesMax; tries++) {
    await printedBy(
      `rm -rf .kube/cache; ${head} > before; kubectl get all -A -o yaml > yaml; ${time} > from
      kubectl get all -A -o wide > table; ${time} > to; ${head} > after`,
      shell,
    )
    const [before, yaml, from, table, to, since] = await Promise.all(
      ['before', 'yaml', 'from', 'table', 'to', 'after'].map(read),
    )
    const position = /"resourceVersion":"(\d+)"/.exec(before ?? '')?.[1]
    if (position !== undefined && before === since) {
      const times = [from ?? '', to ?? ''].map((each) => each.trim())
      return { position, yaml: yaml ?? '', table: table ?? '', times }
    }
    await after(pollMs)
  }
  throw new Error('something happens all the time')
}

/** Fails where a kubectl now prints something else for that position. */
export async function assertMoment(
  { position, yaml, table, times }: RecordedMoment,
  server: string,
  shell: Shell,
): Promise<void> {
  const print = (time: string, format: string) =>
    printedBy(`kubectl --server ${server}/at/${position}@${time} get all -A -o ${format}`, shell)
  const [first = '', last = ''] = times
  await printedBy('rm -rf .kube/cache', shell)
  assert.equal(await print(first, 'yaml'), yaml, `at ${position}`)
  const lines = table.split('\n')
  let missing: readonly number[] = lines.map((_, index) => index)
  // Ages advanced meanwhile: each line is of one of the seconds.
  for (const time of secondsBetween(first, last)) {
    const then = (await print(time, 'wide')).split('\n')
    assert.equal(then.length, lines.length, `at ${position}`)
    missing = missing.filter((index) => lines[index] !== then[index])
    if (missing.length === 0) return
  }
  assert.fail(`at ${position} not told:\n${missing.map((index) => lines[index]).join('\n')}`)
}

/** All times from one to another, in seconds. */
function secondsBetween(first: string, last: string): readonly string[] {
  const [from, to] = [Date.parse(first), Date.parse(last)]
  const count = Math.floor((to - from) / 1000)
  const between = Array.from({ length: count }, (_, n) => new Date(from + (n + 1) * 1000))
  return [first, ...between.map((time) => time.toISOString()), last]
}
