import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from './source-files.ts'

/** Kinds of faults that were reported of comparable clusters, and the tests that show the right behaviour. */
const reported: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'empty lists and maps are kept and compared: a rollout without a change': {
    'services/api/src/verbs/reported-cases.test.ts':
      'empty lists and maps, and zeros that say nothing, make no other template',
    'test/conformance/tour/reported.txt': 'kubectl get rs -l app=tpl -o name | wc -l',
  },
  'one object that a controller or a date cannot handle stops all controllers': {
    'services/replicator/src/extremes.test.ts':
      'hold up neither controllers, the scheduler nor agents',
    'services/api/src/verbs/reported-cases.test.ts':
      'a grace beyond all years ends at a time that RFC 3339 can say, and holds up no namespace',
  },
  'an int64 goes through a JavaScript number': {
    'services/api/src/verbs/extreme-numbers.test.ts':
      'an integer that would be rounded is refused with its field, however it is sent',
  },
  'a deletion is in a year that no parser reads': {
    'test/conformance/tour/reported.txt': '"deletionTimestamp":"9999-12-31T23:59:59Z"',
  },
  'a node takes whatever is bound to it': {
    'services/agent/src/pods/admission.test.ts':
      'a pod that wants another node than it was given is refused',
    'test/conformance/tour/reported.txt': 'second Failed NodePorts',
  },
  'code trusts required fields before validation has named them': {
    'services/api/src/missing-fields.test.ts': 'a selector without a key is refused with the field',
    'test/conformance/tour/reported.txt': 'spec.selector.matchExpressions[0].key',
  },
  'a JSON patch means something else than to other clients': {
    'services/api/src/verbs/patch.test.ts': 'a JSON patch means what it means to kube-apiserver',
    'test/conformance/tour/reported.txt': 'Unable to access invalid index: 9',
  },
  'fields have no bounds and no vocabulary': {
    'packages/kubernetes/src/pod-spec/pod-spec-rules.test.ts': 'numbers keep within their bounds',
    'test/conformance/tour/reported.txt': 'Limit must be set for non overcommitable resources',
  },
  'fields are accepted and without effect': {
    'services/api/src/fields/every-field.test.ts': 'is in exactly one list',
    'test/conformance/tour/reported.txt': 'deadline Failed DeadlineExceeded',
  },
  'waits longer than a timer can hold fire at once': {
    'services/agent/src/pods/pod-probes.test.ts':
      'delays and periods that no timer can hold are waited for all the same',
    'services/api/src/verbs/reported-cases.test.ts':
      'a watch that is to last longer than a timer can wait stays open',
  },
  'a container that is not to be root is': {
    'services/agent/src/containers/security.test.ts':
      'what is not to run as root is refused where its image, or it itself, would',
    'test/e2e/pods.test.ts': 'a pod that has to wait says why, in its state and as an event',
  },
  'volumes have neither the group nor the mode that they were promised': {
    'test/e2e/pods.test.ts':
      'volumes belong to the group of the pod, and a container runs as it is told to',
  },
  'a Service has no endpoint while all of its pods end': {
    'test/e2e/services.test.ts':
      'a pod that is leaving and goes on serving is asked while there is no other',
  },
  'sidecars start and end in any order': {
    'test/e2e/pods.test.ts':
      'containers start and end in their order, with the signal and the last words that they want',
  },
  'processes outlive the probe that started them; a container counts before its hook is over': {
    'test/e2e/pods.test.ts':
      'a probe that hangs leaves nothing behind, and a container is not there before its hook is over',
  },
  'datagrams go on to a pod that is none of the Service any more': {
    'test/e2e/services.test.ts':
      'a flow of datagrams goes on with another pod when its own is none of the Service any more',
  },
  'reasons are known somewhere and reach nobody': {
    'test/e2e/pods.test.ts': 'a pod that has to wait says why, in its state and as an event',
  },
  'the edge passes on something else than it was asked': {
    'services/proxy/src/edge/protocols.e2e.ts': 'the pod gets the path that was asked for',
  },
}

test('each kind of fault that was reported has tests of what is right', () => {
  const texts = new Map(sourceFiles('').map(({ path, text }) => [path, text]))
  for (const [fault, tests] of Object.entries(reported)) {
    for (const [path, part] of Object.entries(tests)) {
      assert.ok(texts.get(path)?.includes(part), `${fault}: ${path} has no test with "${part}"`)
    }
  }
})
