import { isRefusal, namespaces } from '@reckon/kubernetes'
import { noteOnce } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

const home = 'kube-system'
const hourMs = 3_600_000
const rememberedMax = 100

/** Records refused credentials of machines as Events in kube-system, each at most once an hour. */
export class RefusedCredentials {
  readonly #ports: Pick<ApiPorts, 'objects' | 'log' | 'clock' | 'ids' | 'logger'>
  readonly #toldAtMs = new Map<string, number>()

  constructor(ports: Pick<ApiPorts, 'objects' | 'log' | 'clock' | 'ids' | 'logger'>) {
    this.#ports = ports
  }

  tell(message: string): void {
    const { objects, clock, ids, logger } = this.#ports
    const nowMs = clock.now()
    const namespace = objects.get(namespaces, '', home)?.object
    const isTold = nowMs - (this.#toldAtMs.get(message) ?? Number.NEGATIVE_INFINITY) < hourMs
    if (isTold || namespace === undefined) return
    if (this.#toldAtMs.size >= rememberedMax) this.#toldAtMs.clear()
    this.#toldAtMs.set(message, nowMs)
    const telling = { reason: 'CredentialsRefused', message, component: 'api' }
    const origin = {
      actor: { user: 'system:apiserver' },
      verb: 'authenticate',
      correlationId: ids.next(),
    }
    void noteOnce(this.#ports, namespace, telling, origin).catch((error: unknown) => {
      if (!isRefusal(error)) throw error
      logger.warn({ message, reason: error.message }, 'a refusal is not noted')
    })
  }
}
