import { isDeepEqual } from '@reckon/kubernetes'

type Labels = Readonly<Record<string, string>>
const none: Labels = {}

/** The labels of namespaces: terms with a namespaceSelector go by them. */
export class Namespaces {
  readonly #labels = new Map<string, Labels>()
  #isAsked = false

  labelsOf(name: string): Labels {
    this.#isAsked = true
    return this.#labels.get(name) ?? none
  }

  /** Answers whether somebody was told otherwise before. */
  set(name: string, labels: Labels = none): boolean {
    const isNews = !isDeepEqual(this.#labels.get(name) ?? none, labels)
    this.#labels.set(name, labels)
    return isNews && this.#isAsked
  }
}
