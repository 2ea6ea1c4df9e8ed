import { posix } from 'node:path'
import { grep, read, rewrite, undisturbed, write } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Rule } from '../../../rule.ts'
import { styleOf } from '../../../source/module.ts'
import { insertLine } from '../../../source/statements.ts'
import { documentKeys } from '../env-example.ts'
import { clientModule, type Project, projectOf, withClient } from './project.ts'

const KEYS = [
  { name: 'POSTHOG_KEY', comment: 'Project API key of PostHog; without it nothing is sent' },
  { name: 'POSTHOG_HOST', comment: 'Ingestion host; https://us.i.posthog.com when empty' },
]

/** One module that makes the client, and its shutdown where the process ends. */
export const init: Rule = {
  goal: 'Make the PostHog client in exactly one place, from environment variables',
  follow: async (tools) => {
    const existing = await clientModule(tools)
    const added = existing === undefined ? await addClient(tools) : []
    const file = existing ?? added[0] ?? ''
    const documented = await documentKeys(tools, KEYS)
    return {
      status: 'done',
      did: existing ? `Found a client in ${file} and left it` : `Added the client ${file}, with its shutdown`,
      forNextAgent: `Import { posthog } from ${file} and call posthog?.capture(…); it is undefined without a key`,
      filesTouched: [...added, ...documented],
      assumptions: 'POSTHOG_KEY and POSTHOG_HOST are set where the server runs',
    }
  },
}

async function addClient(tools: PolicyTools): Promise<readonly string[]> {
  const project = await projectOf(tools)
  const file = posix.join(posix.dirname(project.file), `posthog.${posix.extname(project.file).slice(1)}`)
  const [ending] = await grep(tools, 'process\\.(on|once)\\(\\s*["\']SIGTERM["\']')
  const client = clientText(project)
  await write(tools, file, ending ? client : client + shutdownText(project))
  const waits = ending !== undefined && (await undisturbed(() => waitAtShutdown(tools, ending.file)))
  return waits ? [file, ending.file] : [file]
}

async function waitAtShutdown(tools: PolicyTools, file: string): Promise<boolean> {
  const before = (await read(tools, file)) ?? ''
  const shutting = withShutdown(before)
  if (shutting === undefined) return false
  await rewrite(tools, file, { before, after: await withClient(tools, { file, text: shutting }) })
  return true
}

function clientText({ text, modules }: Project): string {
  const { quote: q, semicolon: s } = styleOf(text)
  const esm = modules === 'esm'
  const head = esm
    ? `import { PostHog } from ${q}posthog-node${q}${s}`
    : `const { PostHog } = require(${q}posthog-node${q})${s}`
  const tail = esm ? '' : `\nmodule.exports = { posthog }${s}\n`
  return `${head}

const key = process.env.POSTHOG_KEY${s}

${esm ? 'export ' : ''}const posthog = key
  ? new PostHog(key, { host: process.env.POSTHOG_HOST || ${q}https://us.i.posthog.com${q} })
  : undefined${s}
${tail}`
}

function shutdownText({ text }: Project): string {
  const { quote: q, semicolon: s } = styleOf(text)
  return `
for (const signal of [${q}SIGINT${q}, ${q}SIGTERM${q}]) {
  process.once(signal, async () => {
    await posthog?.shutdown()${s}
    process.exit(0)${s}
  })${s}
}
`
}

/** Lets the app's own handler of SIGTERM wait for the client, first of all. */
function withShutdown(text: string): string | undefined {
  const handler =
    /process\.(?:on|once)\(\s*["']SIGTERM["']\s*,\s*(async\s*)?\(\s*\w*\s*\)\s*=>\s*\{[ \t]*\r?\n/.exec(text)
  if (!handler || /posthog\??\.shutdown/.test(text)) return undefined
  const end = handler.index + handler[0].length
  const call = `await posthog?.shutdown()${styleOf(text).semicolon}`
  const indented = insertLine(text, call, {
    at: end,
    like: end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0),
  })
  return handler[1]
    ? indented
    : indented.replace(handler[0], handler[0].replace(/\(\s*\w*\s*\)\s*=>\s*\{/, 'async $&'))
}
