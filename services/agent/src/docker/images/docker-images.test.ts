import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Docker from 'dockerode'
import { seeImages } from './docker-images.ts'

type Image = {
  Id: string
  RepoDigests?: readonly string[] | null
  Identity?: { Pull?: readonly object[]; Build?: readonly object[] }
}

/** What is seen of an engine's images: by name, whether it is used and whether it is elsewhere. */
async function seen(
  images: Readonly<Record<string, Image>>,
  { containersOf = [], pulled = {} }: { containersOf?: string[]; pulled?: object } = {},
) {
  const docker = {
    listContainers: async () => containersOf.map((ImageID) => ({ ImageID })),
    getImage: (name: string) => ({
      inspect: async () => {
        if (images[name]) return { Size: 1, ...images[name] }
        throw Object.assign(new Error('no such image'), { statusCode: 404 })
      },
    }),
  } as unknown as Docker
  const engine = <T>(call: () => Promise<T>) => call()
  const names = [...Object.keys(images), 'missing']
  const answer = await seeImages({ docker, engine }, names, new Map(Object.entries(pulled)))
  return answer.map(({ name, isUsed, isElsewhere }) => [name, isUsed, isElsewhere])
}

test('what was pulled is elsewhere, and what was built here is not', async () => {
  const images = {
    pulled: { Id: 'sha256:c1', RepoDigests: ['pulled@sha256:m1'] },
    built: { Id: 'sha256:c2', RepoDigests: [] },
    told: { Id: 'sha256:c3', RepoDigests: null },
  }
  assert.deepEqual(await seen(images, { containersOf: ['sha256:c1'] }), [
    ['pulled', true, true],
    ['built', false, false],
    ['told', false, false],
  ])
})

test('an engine whose images are their manifests has a digest of what was built, too: it, or we, must know of the pull', async () => {
  const image = (digest: string) => ({ Id: digest, RepoDigests: [`name@${digest}`] })
  const images = {
    built: image('sha256:m1'),
    told: { ...image('sha256:m2'), Identity: { Pull: [{ Repository: 'docker.io/told' }] } },
    toldBuilt: { ...image('sha256:m3'), Identity: { Build: [{}] } },
    known: image('sha256:m4'),
    rebuilt: image('sha256:m5'),
  }
  const pulled = { known: 'sha256:m4', rebuilt: 'sha256:before' }
  assert.deepEqual(await seen(images, { pulled }), [
    ['built', false, false],
    ['told', false, true],
    ['toldBuilt', false, false],
    ['known', false, true],
    ['rebuilt', false, false],
  ])
})
