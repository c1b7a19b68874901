import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { answers, ensureDockerEngine } from './docker-engine.ts'
import { findKubectl, findKubectls, newestFirst } from './find-kubectls.ts'
import { findProgram, parseVersion } from './find-program.ts'

const dir = mkdtempSync(join(tmpdir(), 'reckon-bootstrap-'))
after(() => rmSync(dir, { recursive: true }))

test('a version is read from what each program prints', () => {
  const printed = {
    '20.10.24+dfsg1': 'Docker version 20.10.24+dfsg1, build 297e128',
    '2.9.10': 'nats-server: v2.9.10',
    '1.40.0': '\n/x/envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE',
    '2.8.2+ds1': 'docker-registry github.com/docker/distribution 2.8.2+ds1',
    '1.0.6': 'nftables v1.0.6 (Lester Gooch #5)',
    '6.1.0': 'ip utility, iproute2-6.1.0, libbpf 1.1.2',
    '1.32.4-dispatcher': '{"clientVersion":{"major":"1","gitVersion":"v1.32.4-dispatcher"}}',
  }
  for (const [version, text] of Object.entries(printed)) assert.equal(parseVersion(text), version)
  assert.equal(parseVersion('no such option'), undefined)
})

test('a program that does not run is passed over', async () => {
  const broken = program('broken/envoy', 'exit 1')
  const sound = program('sound/envoy', 'echo version 1.40.0')
  const searched = [join(dir, 'nowhere'), join(broken, '..'), join(sound, '..')]
  assert.deepEqual(await findProgram('envoy', ['--version'], searched), {
    path: sound,
    version: '1.40.0',
  })
})

test('kubectls beside gcloud are found, newest first, the dispatcher last', async () => {
  program('sdk/gcloud', 'exit 0')
  program('sdk/kubectl', 'echo v1.32.4-dispatcher')
  for (const minor of [9, 33, 31]) program(`sdk/kubectl.1.${minor}`, `echo v1.${minor}.1`)
  const found = await findKubectls(join(dir, 'sdk'))
  assert.deepEqual(
    found.map(({ version }) => version),
    ['1.33.1', '1.31.1', '1.9.1', '1.32.4-dispatcher'],
  )
  assert.equal((await findKubectl(join(dir, 'sdk')))?.version, '1.33.1')
})

test('one kubectl of each minor version is enough, the newest', () => {
  const kubectl = (path: string, version: string) => ({ path, version })
  const [a, b] = [kubectl('/a', '1.31.0'), kubectl('/b', '1.31.0')]
  const [newer, other] = [kubectl('/c', '1.31.14'), kubectl('/d', '1.32.1')]
  assert.deepEqual(newestFirst([a, b]), [a])
  assert.deepEqual(newestFirst([a, newer, other]), [other, newer])
})

test('an engine that is named but does not answer is not started', async () => {
  const socket = join(dir, 'docker.sock')
  assert.equal(await answers(socket), false)
  await assert.rejects(ensureDockerEngine(`unix://${socket}`), /no Docker Engine answers at/)
  await assert.rejects(ensureDockerEngine('tcp://host:2375'), /must be on this machine/)
})

/** A small shell program under our folder. */
function program(path: string, script: string): string {
  const file = join(dir, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}
