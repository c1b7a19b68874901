import { App } from './app.ts'
import { baseOf } from './context.ts'
import { html, render } from './html.ts'
import { placeOf } from './moment/place.ts'
import { SignInPage } from './pages/sign-in.ts'
import { readKindsAhead } from './reading/discovery.ts'
import { LogMarks } from './reading/log-marks.ts'
import { Reading, Refusal } from './reading/read.ts'
import { Session, takeCode } from './reading/session.ts'
import { readRowsAhead } from './reading/tables.ts'
import { wordsOf } from './words/words.ts'

const box = document.getElementById('page')
const session = new Session()
const reading = new Reading(session, new URL('../', document.baseURI), document)
const words = wordsOf(localStorage.getItem('reckon-language') ?? navigator.language)

type Review = { status?: { userInfo?: { username?: string } } }

/** Who the API takes the viewer for: by their session here, or by what stands before this page. */
async function whoLooks(): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const path = 'apis/authentication.k8s.io/v1/selfsubjectreviews'
  const { status } = await reading.json<Review>(path, { method: 'POST', body })
  return status?.userInfo?.username ?? ''
}

function show(element: Parameters<typeof render>[0]): void {
  if (box) render(element, box)
}

async function start(refused = ''): Promise<void> {
  try {
    // What every page asks first need not wait for who looks on.
    const place = placeOf(location.hash)
    const base = baseOf(place.query.at)
    readKindsAhead(reading, base)
    readRowsAhead(reading, base, place)
    const user = await whoLooks()
    const log = new LogMarks(reading)
    const end = async () => {
      await session.end().catch(() => {})
      await start(words.signedOut)
    }
    reading.onceUnknown(end)
    const signOut = Object.keys(session.headers).length > 0 ? end : undefined
    show(html`<${App} ...${{ reading, log, user, signOut }} />`)
  } catch (error) {
    const isUnknown = error instanceof Refusal && (error.code === 401 || error.code === 403)
    const why = isUnknown ? refused : error instanceof Error ? error.message : String(error)
    show(html`<${SignInPage} ...${{ words, session, refused: why, onSignedIn: start }} />`)
  }
}

const code = takeCode()
if (code === undefined) void start()
else
  void session.begin({ code }).then(
    () => start(),
    () => start(words.signInLink),
  )
