import { isDeepEqual } from '@reckon/kubernetes'

type Labels = Readonly<Record<string, string>>
const none: Labels = {}

/** The labels of namespaces, which terms with a namespaceSelector depend on. */
export class Namespaces {
  readonly #labels = new Map<string, Labels>()
  #isAsked = false

  labelsOf(name: string): Labels {
    this.#isAsked = true
    return this.#labels.get(name) ?? none
  }

  /** Returns whether the labels changed and labels were ever read: then earlier results may be invalid. */
  set(name: string, labels: Labels = none): boolean {
    const isNews = !isDeepEqual(this.#labels.get(name) ?? none, labels)
    this.#labels.set(name, labels)
    return isNews && this.#isAsked
  }
}
