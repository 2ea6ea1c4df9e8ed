import { glob, RuleError, read, rewrite, undisturbed, write } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Rule } from '../../../rule.ts'
import { withImport } from '../../../source/module.ts'
import { insertLine } from '../../../source/statements.ts'
import { type AppFolder, appFolder } from './app-folder.ts'
import { boundaryText } from './boundary-text.ts'

const BOUNDARIES = ['error', 'global-error'] as const

/** The two places where the app router hands over an error that nothing else handled. */
export const errorTracking: Rule = {
  goal: 'Report errors that reach the top of the app',
  follow: async (tools) => {
    const app = await appFolder(tools)
    if (!app) throw new RuleError('Cannot find the app router: expected app/layout or src/app/layout')
    const touched: string[] = []
    const left: string[] = []
    for (const kind of BOUNDARIES) {
      const { file, change } = await undisturbed(() => boundary(tools, app, kind))
      if (change === 'made') touched.push(file)
      if (change === 'unclear') left.push(file)
    }
    if (left.length === BOUNDARIES.length)
      throw new RuleError(`Cannot see where ${left.join(' and ')} gets its error`)
    return {
      status: 'done',
      did:
        touched.length > 0
          ? `${touched.join(' and ')} report to PostHog`
          : 'Found the error boundaries reporting already',
      filesTouched: touched,
      ...(left.length > 0
        ? {
            conflict: `${left.join(', ')} exists and was not understood; add posthog.captureException(error) by hand`,
          }
        : {}),
    }
  },
}

interface Boundary {
  readonly file: string
  readonly change: 'made' | 'none' | 'unclear'
}

async function boundary(
  tools: PolicyTools,
  app: AppFolder,
  kind: (typeof BOUNDARIES)[number],
): Promise<Boundary> {
  const [existing] = await glob(tools, `${app.folder}/${kind}.{tsx,jsx,js,ts}`)
  if (existing === undefined) {
    const file = `${app.folder}/${kind}.${app.typescript ? 'tsx' : 'jsx'}`
    const layout = (await read(tools, `${app.folder}/layout.${app.typescript ? 'tsx' : 'js'}`)) ?? ''
    await write(tools, file, boundaryText(kind, { typescript: app.typescript, layout }))
    return { file, change: 'made' }
  }
  const before = (await read(tools, existing)) ?? ''
  if (before.includes('captureException')) return { file: existing, change: 'none' }
  const after = withCapture(before)
  if (after === undefined) return { file: existing, change: 'unclear' }
  await rewrite(tools, existing, { before, after })
  return { file: existing, change: 'made' }
}

/** Puts the capture first in the effect that already watches the error. */
function withCapture(text: string): string | undefined {
  const effect = /useEffect\(\(\) => \{[ \t]*\r?\n([ \t]*)\S/.exec(text)
  if (!effect || !/\berror\b/.test(text)) return undefined
  const at = effect.index + effect[0].lastIndexOf('\n') + 1
  const line = insertLine(text, 'posthog.captureException(error)', { at, like: at + 1 })
  return withImport(line, { binding: 'posthog', from: 'posthog-js' })
}
