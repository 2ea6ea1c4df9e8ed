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

/** How long a picture that is on its way may take until its place is not looked for any more. */
const PATIENCE_MS = 5_000

/** Keeps the place on each page: going back comes to where one was, going on begins above, at the heading. */
export function openTrail(): Trail {
  let wanted: { readonly y: number; readonly until: number } | undefined
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
        wanted = mark === null ? undefined : { y: mark.y, until: performance.now() + PATIENCE_MS }
        drawNow()
        if (mark !== null) return
        scrollTo(0, 0)
        if (document.activeElement?.id !== 'search')
          document.querySelector('h1')?.focus({ preventScroll: true })
      })
    },
    settle: () => {
      if (wanted === undefined) return
      scrollTo(0, wanted.y)
      if (Math.abs(scrollY - wanted.y) < 2 || performance.now() > wanted.until) wanted = undefined
    },
  }
}
