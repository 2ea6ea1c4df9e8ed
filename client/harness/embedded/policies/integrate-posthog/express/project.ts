import { posix } from 'node:path'
import { grep, manifestOf, RuleError, read } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import { withImport, withRequire } from '../../../source/module.ts'

/** The file that makes the Express app, and how modules are written here. */
export interface Project {
  readonly file: string
  readonly text: string
  readonly modules: 'esm' | 'commonjs'
  readonly typescript: boolean
}

/**
 * The file that calls `express()`.
 * @throws RuleError when there is none
 */
export async function projectOf(tools: PolicyTools): Promise<Project> {
  const [hit] = await grep(tools, '=\\s*express\\(\\)')
  if (!hit) throw new RuleError('Cannot find the Express app: expected a call of express()')
  const text = (await read(tools, hit.file)) ?? ''
  const { manifest } = await manifestOf(tools)
  const typescript = /\.[cm]?ts$/.test(hit.file)
  const esm = typescript || manifest.type === 'module' || hit.file.endsWith('.mjs')
  return { file: hit.file, text, modules: esm ? 'esm' : 'commonjs', typescript }
}

/** The module that makes the PostHog client; undefined before init has run. */
export async function clientModule(tools: PolicyTools): Promise<string | undefined> {
  return (await grep(tools, 'new PostHog\\('))[0]?.file
}

/**
 * `text` of `file` with the client imported.
 * @throws RuleError when there is no client
 */
export async function withClient(
  tools: PolicyTools,
  { file, text }: { readonly file: string; readonly text: string },
): Promise<string> {
  const client = await clientModule(tools)
  if (client === undefined)
    throw new RuleError('Cannot find the PostHog client: expected the init task to have made it')
  if (client === file) return text
  const esm = /^\s*import\s/m.test(text)
  const path = posix.relative(posix.dirname(file), client)
  const from = path.startsWith('.') ? path : `./${path}`
  return esm
    ? withImport(text, { binding: '{ posthog }', from })
    : withRequire(text, { binding: '{ posthog }', from: from.replace(/\.c?js$/, '') })
}
