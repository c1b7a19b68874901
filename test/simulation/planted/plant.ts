import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { PlantedBug } from './planted-bug.ts'

const root = pathToFileURL(`${import.meta.dirname}/../../../`).href

/**
 * Lets every module that is loaded from here on come with the bug in it: to be called before production code is
 * imported. Returns how to make sure that it has come.
 */
export function plant({ name, file, text, by }: PlantedBug): () => void {
  let isThere = false
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (url !== root + file) return loaded
      isThere = true
      return { ...loaded, source: withBug(String(loaded.source), { name, file, text, by }) }
    },
  })
  return () => assert.ok(isThere, `"${name}": ${file} was not loaded`)
}

/** A module's text with the bug in place of the one passage that it names. */
export function withBug(source: string, { name, file, text, by }: PlantedBug): string {
  const passages = source.split(text)
  assert.equal(passages.length - 1, 1, `"${name}": ${file} has to have exactly once:\n${text}`)
  return passages.join(by)
}
