import { grep, manifestOf, RuleError, read, rewrite, undisturbed, write } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Outcome, Rule } from '../../../rule.ts'
import { styleOf, withImport } from '../../../source/module.ts'
import { documentKeys } from '../env-example.ts'
import { appFolder } from './app-folder.ts'

const KEYS = [
  { name: 'NEXT_PUBLIC_POSTHOG_KEY', comment: 'Project API key of PostHog; without it nothing is sent' },
  { name: 'NEXT_PUBLIC_POSTHOG_HOST', comment: 'Ingestion host; https://us.i.posthog.com when empty' },
]

/** One init point that the framework runs in the browser before the app. */
export const init: Rule = {
  goal: 'Start PostHog in exactly one place, from environment variables',
  follow: async (tools) => {
    const [existing] = await grep(tools, 'posthog\\.init\\(')
    const file = existing?.file ?? (await undisturbed(() => addInitPoint(tools)))
    const documented = await documentKeys(tools, KEYS)
    return outcome(file, existing !== undefined, documented)
  },
}

function outcome(file: string, existed: boolean, documented: readonly string[]): Outcome {
  return {
    status: 'done',
    did: existed ? `Found an init point in ${file} and left it` : `Added the init point ${file}`,
    forNextAgent: `PostHog starts in ${file}. Import posthog from "posthog-js" and use it in client components; without a key it does nothing`,
    filesTouched: [...(existed ? [] : [file]), ...documented],
    assumptions: 'NEXT_PUBLIC_POSTHOG_KEY and NEXT_PUBLIC_POSTHOG_HOST are set where the app is built',
  }
}

async function addInitPoint(tools: PolicyTools): Promise<string> {
  const app = await appFolder(tools)
  if (!app) throw new RuleError('Cannot find the app router: expected app/layout or src/app/layout')
  const { manifest } = await manifestOf(tools)
  const next = manifest.dependencies?.next ?? ''
  if (!runsInstrumentationClient(next)) {
    throw new RuleError(`Cannot add an init point for next ${next}: expected 15.3 or later`)
  }
  const file = `${app.base}instrumentation-client.${app.typescript ? 'ts' : 'js'}`
  const before = await read(tools, file)
  if (before === undefined) {
    const layout = await read(tools, `${app.folder}/layout.${app.typescript ? 'tsx' : 'js'}`)
    await write(tools, file, styled(`import posthog from 'posthog-js'\n\n${BODY}`, layout ?? ''))
  } else {
    const after = `${withImport(before, { binding: 'posthog', from: 'posthog-js' }).trimEnd()}\n\n${styled(BODY, before)}`
    await rewrite(tools, file, { before, after })
  }
  return file
}

const BODY = `const key = process.env.NEXT_PUBLIC_POSTHOG_KEY

if (key) {
  posthog.init(key, {
    api_host: process.env.NEXT_PUBLIC_POSTHOG_HOST || 'https://us.i.posthog.com',
    defaults: '2025-05-24',
  })
}
`

/** The text in the quotes and semicolons of a neighbour. */
function styled(text: string, neighbour: string): string {
  const { quote, semicolon } = styleOf(neighbour)
  const quoted = text.replaceAll("'", quote)
  return semicolon === '' ? quoted : quoted.replace(/(['"]posthog-js['"]|_KEY|^ {2}\}\))$/gm, '$1;')
}

function runsInstrumentationClient(range: string): boolean {
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(range) ?? []
  return /^(latest|canary|\*)$/.test(range) || Number(major) > 15 || (major === '15' && Number(minor) >= 3)
}
