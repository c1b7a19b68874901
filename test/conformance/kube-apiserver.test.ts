import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedApi } from '@reckon/api/fixture'
import { answerLine, isAnswer, linesOf, readQuestions } from './kube-apiserver/questions.ts'

test('new objects are taken and refused as kube-apiserver takes and refuses them', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const questions = readQuestions(api.ports.objects.resources.all)
  const answers = linesOf('answers.txt')
  assert.equal(
    answers.length,
    questions.length,
    '`node test/conformance/kube-apiserver/main.ts` asks anew',
  )
  const otherwise: string[] = []
  for (const [index, { line, path, body, why }] of questions.entries()) {
    const { code, text } = await api.ask('POST', path, { body })
    const [ours, theirs = ''] = [answerLine(code, text), answers[index]]
    if (isAnswer(ours, theirs) === (why === undefined)) continue
    const said = why === undefined ? `ours   ${ours}\ntheirs ${theirs}` : `the same, though: ${why}`
    otherwise.push(`${line}\n${said}`)
  }
  assert.equal(otherwise.join('\n\n'), '')
  assert.deepEqual(api.errors, [])
})
