import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from './en.ts'
import { wordsOf } from './words.ts'
import { zh } from './zh.ts'

test('a language is found by its tag, and English stands for those that are not there', () => {
  assert.equal(wordsOf('zh-CN'), zh)
  assert.equal(wordsOf('en-GB'), en)
  assert.equal(wordsOf('fr'), en)
})

test('nothing is left untranslated', () => {
  const same = Object.entries(en).filter(([name, text]) =>
    Object.entries(zh).some(([other, said]) => other === name && said === text),
  )
  assert.deepEqual(
    same.map(([name]) => name),
    ['searchHint', 'zoneUtc', 'cpu', 'yaml', 'uid', 'keyYaml'],
  )
})
