import type { PlantedBug } from './planted-bug.ts'

/** Bugs between api and nodes, and on a node. */
export const bugsOfNodes: readonly PlantedBug[] = [
  {
    name: 'a node is told of the pods of another one',
    file: 'packages/node-plane/src/node-knowledge.ts',
    text: `      ...ended.flatMap((key) => this.#removal(key, cause)),
    ]
`,
    by: `      ...ended.flatMap((key) => this.#removal(key, cause)),
    ]
    const others = this.nodes().filter((each) => each !== node)
    if (others[0]) return [node, others[0]].map((each) => this.#own(each, change, changes))
`,
  },
  {
    name: "a node's wire does not say that something is missing",
    file: 'packages/node-plane/src/node-wire.ts',
    text: 'entry: { position, previous, content }',
    by: 'entry: { position, previous: undefined, content }',
    isRare: true,
  },
  {
    name: 'an agent runs whatever it is given',
    file: 'services/agent/src/pods/admission.ts',
    text: 'if (requested === 0 || requested <= left) continue',
    by: 'if (left > -Infinity) continue',
    isRare: true,
  },
  {
    name: 'an agent starts its reports from one again after each restart',
    seed: 15,
    file: 'services/agent/src/run-agent.ts',
    text: 'const bootId = given.ids.next()',
    by: "const bootId = 'same'",
  },
  {
    name: 'a node says what it likes of the pods of others',
    file: 'services/api/src/node-plane/reports.ts',
    text: 'pod?.metadata.uid === report.uid && pod.spec.nodeName === node',
    by: 'pod?.metadata.uid === report.uid',
    isRare: true,
  },
  {
    name: 'an older report is recorded after a newer one',
    file: 'packages/domain/src/boot.ts',
    text: 'return report.boot === last.boot ? report.number > last.number : report.boot > last.boot',
    by: 'return report.boot !== last.boot || report.number !== last.number',
    isRare: true,
  },
  {
    name: 'a node is told the value of a Secret in clear',
    seed: 2,
    file: 'packages/node-plane/src/node-changes.ts',
    text: "if (resource === 'secrets') return withoutValue(object)",
    by: "if (resource === 'none') return withoutValue(object)",
  },
  {
    name: 'a node uncordons itself',
    file: 'packages/domain/src/admission/node-restriction.ts',
    text: `  return {
    ...current,
    metadata: {`,
    by: `  return {
    ...current,
    spec: { ...current.spec, ...reported.spec },
    metadata: {`,
    isRare: true,
  },
  {
    name: 'each start of an agent gets the same number',
    seed: 5,
    file: 'packages/domain/src/boot.ts',
    text: 'Number(revision) + 1',
    by: '1',
  },
  {
    name: 'the pages of a node read are not counted',
    file: 'packages/node-plane/src/read-pages.ts',
    text: 'if (pages.size === page.pages) return stateOf(pages, page)',
    by: 'if (page.page === page.pages) return stateOf(pages, page)',
    isRare: true,
  },
  {
    name: 'a node read is answered without the head of the log',
    file: 'services/api/src/node-plane/read.ts',
    text: 'if (!(await ports.reader.waitForHead(waitMsMax))) return respond(end)',
    by: '',
    isRare: true,
  },
  {
    name: 'nodes are silent, though the wire was not there to hear them',
    seed: 2,
    file: 'services/replicator/src/node-lifecycle/heartbeats.ts',
    text: 'this.silence.interrupted()',
    by: 'this.silence.echoed()',
  },
  {
    name: 'of most nodes that fall silent the pods are driven away',
    file: 'services/replicator/src/node-lifecycle/controller.ts',
    text: 'const isMassSilence = silent.size * 2 > all',
    by: 'const isMassSilence = silent > all',
    isRare: true,
  },
  {
    name: 'a pod tolerates a taint for no time at all',
    file: 'services/replicator/src/taint-eviction/plan.ts',
    text: 'const waits = tolerated > 0 ? tolerated + 1 : 0',
    by: 'const waits = 0 * tolerated',
  },
  {
    name: 'an agent does not tell again what the cluster has come to doubt',
    file: 'services/agent/src/pods/pod-loop.ts',
    text: 'if (ready?.reason === nodeNotReadyReason) this.#reports.doubt()',
    by: '',
    isRare: true,
  },
]
