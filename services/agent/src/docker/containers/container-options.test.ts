import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mount } from '../../runtime/runtime.ts'
import { containerOptions } from './container-options.ts'

const optionsFor = (...mounts: Mount[]) =>
  containerOptions(
    {
      pod: { namespace: 'default', name: 'web', uid: 'u' },
      ...{ container: 'c', attempt: 0, sandboxId: 's', image: 'i', env: {} },
      ...{ stdin: false, stdinOnce: false, tty: false, mounts, processes: 'Own' },
      limits: { cpuShares: 2 },
      oomScore: 1000,
      security: {
        ...{ supplementalGroups: [], readOnlyRootFilesystem: false, privileged: false },
        ...{ noNewPrivileges: false, addCapabilities: [], dropCapabilities: [], unconfined: [] },
      },
    },
    { cluster: 'c', node: 'n' },
  )
const mountsFor = (mount: Mount) => optionsFor(mount).HostConfig?.Mounts

test('an image does not check its own health: probes do', () => {
  assert.deepEqual(optionsFor().Healthcheck, { Test: ['NONE'] })
})

test('a path of the machine is bound, and passes mounts on as it says', () => {
  assert.deepEqual(
    mountsFor({ source: '/a', target: '/b', readOnly: true, propagation: 'Bidirectional' }),
    [
      {
        ...{ Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true },
        BindOptions: { Propagation: 'rshared' },
      },
    ],
  )
})

test('the engine is asked for what an NFS server has by its own volumes: server, path and options', () => {
  const nfs = { server: 'nfs.test', path: '/exports/data', options: ['nfsvers=4.1', 'soft'] }
  const source = 'nfs.test:/exports/data'
  assert.deepEqual(mountsFor({ source, target: '/data', readOnly: false, nfs }), [
    {
      ...{ Type: 'volume', Source: '', Target: '/data', ReadOnly: false },
      VolumeOptions: {
        ...{ NoCopy: true, Labels: {} },
        DriverConfig: {
          Name: 'local',
          Options: {
            ...{ type: 'nfs', o: 'addr=nfs.test,nfsvers=4.1,soft', device: ':/exports/data' },
          },
        },
      },
    },
  ])
})
