import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { readIncident } from './incident-file.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incident-'))
})
after(() => rm(folder, { recursive: true }))

const time = '2026-11-27T14:02:00.000Z'
const headUpTo = (position: string, time: string) => ({
  incident: { form: 1, to: { position, time } },
})
const event = (position: number) => ({
  ...{ id: `e-${position}`, type: 'PodStarted', stream: 'pods-a/x', revision: String(position) },
  ...{ position: String(position), data: { patch: [] } },
  metadata: { actor: { user: 'ada' }, verb: 'update', time, $correlationId: 'c' },
})

const never = new AbortController().signal

const compressed = (lines: readonly object[]): Buffer =>
  zstdCompressSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

async function read(bytes: Buffer, signal = never) {
  const path = join(folder, 'incident.jsonl.zst')
  await writeFile(path, bytes)
  return readIncident(path, signal)
}

test('what was exported is read with its end', async () => {
  const { events, ...head } = await read(compressed([headUpTo('9', time), event(3), event(9)]))
  assert.deepEqual(head, { upTo: 9n, timeMs: Date.parse(time) })
  assert.deepEqual(
    events.map(({ position }) => position),
    [3n, 9n],
  )
})

test('a file that is torn, or of no log, is none', async () => {
  const head = headUpTo('9', time)
  const whole = compressed([head, event(3), event(9)])
  await assert.rejects(read(whole.subarray(0, -4)), /, or torn \(unexpected end/)
  await assert.rejects(read(Buffer.from('hello')), /it is not what "reckon export" writes/)
  await assert.rejects(readIncident(join(folder, 'none'), never), /there is no such file/)
  await assert.rejects(read(compressed([{}])), /first line is no object/)
  await assert.rejects(read(compressed([headUpTo('9', 'today')])), /has no time/)
  await assert.rejects(read(compressed([head, event(9), event(3)])), /3 is out of order/)
  await assert.rejects(read(compressed([head, event(3), event(10)])), /10 is out of order/)
})

test('nobody reads on whom somebody has interrupted', async () => {
  const bytes = compressed([headUpTo('9', time), event(3)])
  await assert.rejects(read(bytes, AbortSignal.abort(new Error('interrupted'))), /interrupted/)
})
