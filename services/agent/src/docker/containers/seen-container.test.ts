import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerInspectInfo } from 'dockerode'
import { seenContainer } from './seen-container.ts'

const createdAt = '2026-01-02T03:04:05.678901234Z'
const never = '0001-01-01T00:00:00Z'
const inspected = (state: Partial<ContainerInspectInfo['State']>) =>
  ({
    ...{ Id: 'id', Created: createdAt, Image: 'sha256:1' },
    Config: { Labels: {}, Image: 'busybox' },
    State: {
      Running: false,
      Error: '',
      ExitCode: 0,
      StartedAt: never,
      FinishedAt: never,
      ...state,
    },
  }) as ContainerInspectInfo

test('a container that could not be started began and ended when it was made, and says why', () => {
  const why = 'exec: "nope": executable file not found in $PATH'
  const seen = seenContainer(inspected({ Status: 'created', Error: why, ExitCode: 127 }))
  const atMs = Date.parse(createdAt)
  assert.deepEqual([seen.state, seen.exitCode, seen.startError], ['Exited', 127, why])
  assert.deepEqual([seen.startedAtMs, seen.finishedAtMs], [atMs, atMs])
})

test('one that nobody has started yet has no times', () => {
  const seen = seenContainer(inspected({ Status: 'created' }))
  assert.equal(seen.state, 'Created')
  assert.deepEqual([seen.startedAtMs, seen.finishedAtMs], [undefined, undefined])
})
