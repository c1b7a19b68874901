import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { Notes } from './notes.ts'

test('who listens hears of each note, and of nothing else, until they end it', () => {
  const notes = new Notes()
  const heard: string[] = []
  const end = notes.subscribe(({ type }) => heard.push(type))
  assert.equal(notes.apply(recordedEvent('NoteRecorded', {})), true)
  assert.equal(notes.apply(recordedEvent('PodCreated', {})), false)
  end()
  notes.apply(recordedEvent('NoteRecorded', {}))
  assert.deepEqual(heard, ['NoteRecorded'])
})
