import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { buildImages } from './build-images.ts'
import { digestOf } from './docker-archive.ts'
import { repositoryOf } from './registry-storage.ts'
import { type Registry, serveRegistry } from './serve-registry.ts'

type Manifest = { config: { digest: string }; layers: { digest: string; size: number }[] }

// Archives and downloads are kept between runs; the registry's storage is new each time.
const cached = join(import.meta.dirname, '../../.reckon/images')
const storage = mkdtempSync(join(tmpdir(), 'reckon-registry-'))
let archives: string[] = []
let registry: Registry
before(async () => {
  archives = (await buildImages(cached, () => {})).map(({ archive }) => archive)
  registry = await serveRegistry({ archives, port: 0, dir: storage })
})
after(async () => {
  await registry?.close()
  rmSync(storage, { recursive: true })
})

const images = [
  'redis:4-alpine3.8',
  'nginx:1.15.8-alpine',
  'flaskapp:0.0.2',
  'busybox:latest',
  'reckon/pause:1',
]

for (const name of images) {
  test(`${name} is served whole, each blob with its digest`, async () => {
    const { repository, tag } = repositoryOf(name)
    const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${tag}`, {
      headers: { Accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    })
    assert.equal(answer.status, 200)
    const bytes = Buffer.from(await answer.arrayBuffer())
    assert.equal(answer.headers.get('docker-content-digest'), digestOf(bytes))
    const manifest = JSON.parse(bytes.toString()) as Manifest
    assert.ok(manifest.layers.length >= 1)
    for (const { digest } of [manifest.config, ...manifest.layers]) {
      const blob = await fetch(`${registry.url}/v2/${repository}/blobs/${digest}`)
      assert.equal(blob.status, 200)
      assert.equal(digestOf(Buffer.from(await blob.arrayBuffer())), digest)
    }
  })
}

test('a name without a slash belongs to library, as on Docker Hub', () => {
  assert.deepEqual(repositoryOf('redis:4'), { repository: 'library/redis', tag: '4' })
  assert.deepEqual(repositoryOf('reckon/pause'), { repository: 'reckon/pause', tag: 'latest' })
})

test('nothing can be pushed to it', async () => {
  const push = await fetch(`${registry.url}/v2/library/redis/blobs/uploads/`, { method: 'POST' })
  assert.equal(push.status, 405)
})

test('images that are there already are found again at once', async () => {
  const lines: string[] = []
  const again = await buildImages(cached, (line) => lines.push(line))
  assert.deepEqual([lines, again.map(({ archive }) => archive)], [[], archives])
})

test('a port that is taken is named in the error', async () => {
  const port = Number(new URL(registry.url).port)
  const dir = mkdtempSync(join(tmpdir(), 'reckon-registry-'))
  await assert.rejects(serveRegistry({ archives: [], port, dir }), /address already in use/)
  rmSync(dir, { recursive: true })
})
