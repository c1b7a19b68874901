import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { NftSession } from './nft-session.ts'
import { runCommand } from './run-command.ts'

const table = `ip reckon-session-${process.pid}`
const session = new NftSession()
let folder: string

const carryOut = async (...lines: string[]) => {
  const file = join(folder, 'script.nft')
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  await session.run(file)
}
const elements = () => runCommand('nft', 'list', 'set', ...table.split(' '), 'ports')

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nft "session" [of] '))
  await carryOut(`add table ${table}`, `add set ${table} ports { type inet_service; }`)
})
after(async () => {
  await carryOut(`delete table ${table}`)
  await rm(folder, { recursive: true })
})

/** The nfts that this process has started and that run. */
async function started(): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return stat.startsWith(`${pid} (nft) `) && stat.split(' ')[3] === `${process.pid}` ? pid : 0
    }),
  )
  return found.filter((pid) => pid > 0)
}

test('what it was given is in the kernel, one script after the other, by one nft', async () => {
  const [first] = await started()
  await carryOut(`add element ${table} ports { 1, 2 }`)
  await carryOut(`delete element ${table} ports { 1 }`, `add element ${table} ports { 3 }`)
  assert.match(await elements(), /elements = \{ 2, 3 \}/)
  assert.deepEqual(await started(), [first])
})

test('of a script that is refused nothing is carried out, its words are told, and the next one is', async () => {
  const refused = carryOut(
    `add element ${table} ports { 4 }`,
    `delete element ${table} ports { 99 }`,
  )
  await assert.rejects(refused, /script\.nft:2.*No such file or directory/)
  assert.match(await elements(), /elements = \{ 2, 3 \}/)
  await carryOut(`add element ${table} ports { 5 }`)
  assert.match(await elements(), /elements = \{ 2, 3, 5 \}/)
})

test('an nft that was killed is told of once at most, and another one goes on', async () => {
  const [killed] = await started()
  assert.ok(killed)
  process.kill(killed, 'SIGKILL')
  const again = () => carryOut(`add element ${table} ports { 6 }`)
  await again().catch(async (error) => {
    assert.match(String(error), /nft ended/)
    await again()
  })
  assert.match(await elements(), /6/)
  const [another] = await started()
  assert.notEqual(another, killed)
})

test('after so many scripts another nft takes its place', async () => {
  const file = join(folder, 'again.nft')
  await writeFile(file, `add element ${table} ports { 7 }\n`)
  const short = new NftSession(2)
  const before = await started()
  await short.run(file)
  const first = (await started()).filter((pid) => !before.includes(pid))
  await short.run(file)
  await short.run(file)
  const next = (await started()).filter((pid) => !before.includes(pid) && !first.includes(pid))
  assert.deepEqual([first.length, next.length], [1, 1])
})
