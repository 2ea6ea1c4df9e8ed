import { styleOf } from '../../../source/module.ts'

/** A client component that reports the error it is given and lets the person try again. */
export function boundaryText(
  kind: 'error' | 'global-error',
  { typescript, layout }: { readonly typescript: boolean; readonly layout: string },
): string {
  const { quote, semicolon } = styleOf(layout)
  const text = kind === 'error' ? errorPage(typescript) : globalErrorPage(typescript)
  const quoted = text.replaceAll("'", quote)
  return semicolon === ''
    ? quoted
    : quoted.replace(
        /((?:use client|posthog-js|react)['"]|captureException\(error\)|\[error\]\)|^ {2}\))$/gm,
        '$1;',
      )
}

const HEAD = `'use client'

import posthog from 'posthog-js'
import { useEffect } from 'react'

`

const EFFECT = `  useEffect(() => {
    posthog.captureException(error)
  }, [error])
`

function errorPage(typescript: boolean): string {
  return `${HEAD}export default function ErrorPage(${parameters(typescript)}) {
${EFFECT}
  return (
    <section>
      <h1>Something went wrong</h1>
      <button type="button" onClick={() => reset()}>
        Try again
      </button>
    </section>
  )
}
`
}

function globalErrorPage(typescript: boolean): string {
  return `${HEAD}export default function GlobalErrorPage(${parameters(typescript)}) {
${EFFECT}
  return (
    <html lang="en">
      <body>
        <h1>Something went wrong</h1>
        <button type="button" onClick={() => reset()}>
          Try again
        </button>
      </body>
    </html>
  )
}
`
}

function parameters(typescript: boolean): string {
  if (!typescript) return '{ error, reset }'
  return `{
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}`
}
