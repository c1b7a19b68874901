import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { printedBy, type Shell } from './run-script.ts'

/** What kubectl printed of one position of the log while that was the newest, the table between two times. */
export type RecordedMoment = { position: string; yaml: string; table: string; times: string[] }

const triesMax = 40
const pollMs = 250

/** Prints everything when nothing happens: the log is as long after it as it was before. */
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

/** Fails where a kubectl prints something else of that position now. */
export async function assertMoment(recorded: RecordedMoment, server: string, shell: Shell) {
  const { position, yaml, table, times } = recorded
  const [from, to] = times.map((time) => `${server}/at/${position}@${time}`)
  const get = 'get all -A -o'
  const file = join(shell.folder, 'then')
  const printed = await printedBy(
    `rm -rf .kube/cache
    kubectl --server ${from} ${get} yaml > then; kubectl --server ${from} ${get} wide
    kubectl --server ${to} ${get} wide > then.to`,
    shell,
  )
  assert.equal(await readFile(file, 'utf8'), yaml, `at ${position}`)
  const [first, last] = [printed, await readFile(`${file}.to`, 'utf8')].map((text) =>
    text.split('\n'),
  )
  // An age may have changed while it was printed: each line stands in one of the two.
  for (const [index, line] of table.split('\n').entries()) {
    assert.ok(
      line === first?.[index] || line === last?.[index],
      `at ${position}\n${line}\nnow\n${first?.[index]}\nor\n${last?.[index]}`,
    )
  }
  assert.equal(first?.length, table.split('\n').length)
}
