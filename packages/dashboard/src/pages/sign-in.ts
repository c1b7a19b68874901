import { html, useState } from '../html.ts'
import type { Session } from '../reading/session.ts'
import type { Words } from '../words/en.ts'

type Props = { words: Words; session: Session; refused: string; onSignedIn(): void }

const makeToken = 'kubectl create token admin-user --namespace kube-system --duration 24h'

/** Who are you: a token, and how to get one; or the way without one. */
export function SignInPage({ words, session, refused, onSignedIn }: Props) {
  const [why, setWhy] = useState(refused)
  const [token, setToken] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    try {
      await session.begin({ token: token.trim() })
      onSignedIn()
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error))
    }
  }
  const onInput = ({ currentTarget }: { currentTarget: HTMLTextAreaElement }) =>
    setToken(currentTarget.value)
  return html`<main class="sign-in">
    <form class="card" onSubmit=${submit}>
      <h1><span class="logo" aria-hidden="true"></span>Reckon</h1>
      ${why && html`<p class="notice bad" role="alert">${why}</p>`}
      <label for="token">${words.token}</label>
      <textarea id="token" rows="4" autocomplete="off" spellcheck=${false} value=${token} onInput=${onInput}></textarea>
      <button type="submit" class="primary" disabled=${token.trim() === ''}>${words.signIn}</button>
      <p class="faint">${words.signInHow}</p>
      <pre tabIndex="0">${makeToken}</pre>
      <p class="faint">${words.signInDoor}</p>
      <pre tabIndex="0">reckon dashboard</pre>
    </form>
  </main>`
}
