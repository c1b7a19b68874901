import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

for (const folder of ['guestbook', 'docker2istio']) {
  test(`whoever serves in ${folder} says when it is ready: a page that is there answers`, () => {
    const path = join(import.meta.dirname, '..', folder)
    const files = readdirSync(path).filter((file) => file.endsWith('.yaml'))
    const documents = files.flatMap((file) => readFileSync(join(path, file), 'utf8').split('---\n'))
    const serving = documents.filter((text) => text.includes('containerPort:'))
    assert.ok(serving.length >= 3)
    for (const text of serving) assert.ok(text.includes('readinessProbe:'), text)
  })
}
