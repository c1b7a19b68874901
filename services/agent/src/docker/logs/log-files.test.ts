import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { logEntries } from './log-entries.ts'
import { LogFiles, Waker } from './log-files.ts'

const time = (index: number) => new Date(index * 1000).toISOString()
const entry = (log: string, index = 0) =>
  `${JSON.stringify({ log, stream: 'stdout', time: time(index) })}\n`

/** A log as Docker writes and turns it over, of at most three files. */
async function writtenLog(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-log-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'c-json.log')
  await writeFile(path, '')
  return {
    path,
    say: (text: string, index?: number) => appendFile(path, entry(text, index)),
    async turnOver() {
      await rename(`${path}.1`, `${path}.2`).catch(() => undefined)
      await rename(path, `${path}.1`)
      await writeFile(path, '')
    },
  }
}

const shown = { timestamps: false }

async function textOf(
  path: string,
  { tail, ...rest }: { tail?: number; timestamps?: boolean; sinceMs?: number } = {},
) {
  const files = await LogFiles.open(path)
  const begin = tail === undefined ? 0 : await files.skipToTail(tail)
  const pieces = await Array.fromAsync(logEntries(files.read(begin), { ...shown, ...rest }))
  await files.close()
  return Buffer.concat(pieces).toString()
}

test('all files are read, the oldest first, or only the last lines of them', async (t) => {
  const { path, say, turnOver } = await writtenLog(t)
  assert.equal(await textOf(path), '')
  for (const index of [1, 2, 3, 4, 5]) {
    await say(`${index}\n`, index)
    if (index === 2 || index === 4) await turnOver()
  }
  assert.equal(await textOf(path), '1\n2\n3\n4\n5\n')
  for (const tail of [0, 1, 2, 4, 5, 9]) {
    const wanted = [1, 2, 3, 4, 5].slice(Math.max(0, 5 - tail))
    assert.equal(
      await textOf(path, { tail }),
      wanted.map((line) => `${line}\n`).join(''),
      `${tail}`,
    )
  }
  assert.equal(await textOf(path, { sinceMs: 4_000 }), '4\n5\n')
  assert.equal(await textOf(path, { sinceMs: 5_000, timestamps: true }), `${time(5)} 5\n`)
})

test('a line in several pieces has one time; what is no line of a log is left out', async (t) => {
  const { path, say } = await writtenLog(t)
  await say('begins ')
  await say('and ends\n')
  await appendFile(path, '\0\0\0{"log":7}\n[]\n')
  await say('next\n')
  assert.equal(
    await textOf(path, { timestamps: true }),
    `${time(0)} begins and ends\n${time(0)} next\n`,
  )
})

test('whoever follows gets each line once, however often the files are turned over', async (t) => {
  const { path, say, turnOver } = await writtenLog(t)
  const files = await LogFiles.open(path)
  const [woken, heard] = [new Waker(), new Waker()]
  let isOver = false
  const unwatch = files.watch(() => woken.ring())
  const lines: string[] = []
  const reading = (async () => {
    const chunks = files.read(0, { woken, isOver: () => isOver })
    for await (const piece of logEntries(chunks, shown)) {
      lines.push(...Buffer.from(piece).toString().trimEnd().split('\n'))
      heard.ring()
    }
  })()
  for (let index = 0; index < 1_000; index++) {
    await say(`${index}\n`)
    if (index % 100 !== 99) continue
    await turnOver()
    // One file behind at most: what is turned over twice before it is opened is lost.
    for (let { rings } = heard; lines.length < index - 100; { rings } = heard) {
      await heard.wait(rings)
    }
  }
  isOver = true
  woken.ring()
  await reading
  unwatch()
  await files.close()
  assert.deepEqual(
    lines,
    Array.from({ length: 1_000 }, (_, index) => `${index}`),
  )
})
