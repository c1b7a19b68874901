import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

const mebibyte = 1024 * 1024
const having = (name: string, image: string, sizeBytes: number) =>
  node(name, { images: [{ names: [image], sizeBytes }] })

test('an image counts by its size and by the share of nodes that have it', () =>
  given(having('a', 'app:latest', 1000 * mebibyte), node('b'))
    .when(pod())
    // Half of the nodes have its 1000 MiB: (500 - 23) / (1000 - 23).
    .thenScored('ImageLocality', { a: 48, b: 0 }))

test('a small image counts nothing', () =>
  given(having('a', 'app:latest', 20 * mebibyte), node('b'))
    .when(pod())
    .thenScored('ImageLocality', { a: 0, b: 0 }))

test('another tag is another image', () =>
  given(having('a', 'app:1', 1000 * mebibyte), having('b', 'app:2', 1000 * mebibyte))
    .when(pod({ image: 'app:2' }))
    .thenScored('ImageLocality', { a: 0, b: 48 }))

test('an image that no node has tells none apart', () =>
  given(having('a', 'app:1', 1000 * mebibyte), node('b'))
    .when(pod({ image: 'other' }))
    .thenScored('ImageLocality', { a: undefined, b: undefined }))
