import { readAddress } from './address.ts'
import { placeOf } from './put-texts.ts'

/** Where a person has been, and where on each page they were. */
export interface Trail {
  /** Draws what each new address asks for. */
  readonly follow: (drawNow: () => void) => void
  /** After a picture was drawn: goes to where it is to be looked at, once that is there. */
  readonly settle: () => void
}

/** What goes with an entry of the browser's history. */
interface Mark {
  readonly y: number
}

/** A place that is gone to as soon as it is drawn: a height, or an anchor in a text. */
interface Wanted {
  readonly y?: number
  readonly at?: string
  readonly until: number
}

/** How long a picture that is on its way may take until its place is not looked for any more. */
const PATIENCE_MS = 5_000

/** Keeps the place on each page: going back comes to where one was, going on begins above, at the heading. */
export function openTrail(): Trail {
  let wanted: Wanted | undefined = wantedAnchor()
  history.scrollRestoration = 'manual'
  const remember = () => {
    if (wanted === undefined) history.replaceState({ y: scrollY } satisfies Mark, '')
  }
  return {
    follow: (drawNow) => {
      let pause: ReturnType<typeof setTimeout> | undefined
      addEventListener('scroll', () => {
        clearTimeout(pause)
        pause = setTimeout(remember, 100)
      })
      for (const act of ['wheel', 'touchmove', 'keydown'])
        addEventListener(act, () => (wanted = undefined), { passive: true })
      addEventListener('popstate', (event) => {
        clearTimeout(pause)
        const mark = event.state as Mark | null
        wanted = mark === null ? wantedAnchor() : { y: mark.y, until: performance.now() + PATIENCE_MS }
        drawNow()
        const isAtAnchor = readAnchor() !== undefined && wanted === undefined
        if (mark !== null || isAtAnchor) return
        scrollTo(0, 0)
        if (document.activeElement?.id !== 'search')
          document.querySelector('h1')?.focus({ preventScroll: true })
      })
    },
    settle: () => {
      if (wanted === undefined) return
      if (arrived(wanted) || performance.now() > wanted.until) wanted = undefined
    },
  }
}

function arrived({ y, at }: Wanted): boolean {
  if (y !== undefined) scrollTo(0, y)
  if (at === undefined) return Math.abs(scrollY - (y ?? 0)) < 2
  const place = placeOf(document, at)
  if (place === null) return false
  place.tabIndex = -1
  place.focus({ preventScroll: true })
  place.scrollIntoView()
  return true
}

function wantedAnchor(): Wanted | undefined {
  const at = readAnchor()
  return at === undefined ? undefined : { at, until: performance.now() + PATIENCE_MS }
}

function readAnchor(): string | undefined {
  const address = readAddress(location.hash)
  return address.view === 'text' ? address.at : undefined
}
