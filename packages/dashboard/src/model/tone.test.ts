import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toneOf, toneOfCondition } from './tone.ts'

test('states have the tone of what they mean', () => {
  assert.equal(toneOf('Status', 'Running'), 'good')
  assert.equal(toneOf('Status', 'Init:0/2'), 'warn')
  assert.equal(toneOf('Status', 'Ready,SchedulingDisabled'), 'warn')
  assert.equal(toneOf('Status', 'CrashLoopBackOff'), 'bad')
  assert.equal(toneOf('Ready', '1/2'), 'warn')
  assert.equal(toneOf('Ready', '2/2'), '')
  assert.equal(toneOf('Name', 'Running'), '')
})

test('a condition may be bad news where it holds', () => {
  assert.equal(toneOfCondition('Ready', 'True'), 'good')
  assert.equal(toneOfCondition('Ready', 'False'), 'bad')
  assert.equal(toneOfCondition('MemoryPressure', 'False'), 'good')
  assert.equal(toneOfCondition('MemoryPressure', 'True'), 'bad')
  assert.equal(toneOfCondition('Ready', 'Unknown'), 'warn')
})
