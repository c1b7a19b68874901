import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyFailure } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import { eachStep } from './each-step.ts'

const refusal = new StatusError('Conflict', 'another was first')
const failure = new KeyFailure('pods-a/b', new RangeError('too long'))
const bug = new TypeError('undefined is no object')

test('each step is carried out, also after others were refused', async () => {
  const done: number[] = []
  const steps = Array.from({ length: 40 }, (_, index) => index)
  const carryOut = async (step: number) => {
    if (step % 2 === 0) throw refusal
    done.push(step)
  }
  await assert.rejects(eachStep(steps, carryOut), refusal)
  assert.equal(done.length, 20)
})

test('the gravest of what happened is thrown', async () => {
  const thrown = (errors: unknown[]) =>
    eachStep(errors, async (error) => {
      throw error
    })
  await assert.rejects(thrown([refusal, failure]), failure)
  await assert.rejects(thrown([failure, bug, refusal]), bug)
})
