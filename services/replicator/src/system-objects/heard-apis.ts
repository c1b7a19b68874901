import { apiListening, type Bus, type Listening, listeningIn } from '@reckon/eventing/bus'
import { Silence } from '../node-lifecycle/silence.ts'

/** Which apis announce themselves, and for how long others have been silent. */
export class HeardApis {
  readonly silence = new Silence()
  readonly #heard = new Map<string, Listening>()

  /** Subscribes; returns a function to unsubscribe. Malformed messages are ignored. */
  listen(bus: Bus): () => void {
    return bus.subscribe(apiListening, ({ data }) => {
      try {
        const listening = listeningIn(data)
        this.#heard.set(keyOf(listening), listening)
        this.silence.heard(keyOf(listening))
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
      }
    })
  }

  /** Among the known and the heard apis those that have not been silent for so many seconds, by address. */
  living(known: readonly Listening[], silentSecondsMax: number): readonly Listening[] {
    for (const key of this.#heard.keys()) {
      if (this.silence.of(key) < silentSecondsMax) continue
      // Otherwise it would count as heard again whenever all silences start anew.
      this.#heard.delete(key)
      this.silence.forget(key)
    }
    const all = new Map([...known.map((each) => [keyOf(each), each] as const), ...this.#heard])
    return [...all]
      .filter(([key]) => this.silence.of(key) < silentSecondsMax)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, listening]) => listening)
  }
}

const keyOf = ({ address, port }: Listening): string => `${address}:${port}`
