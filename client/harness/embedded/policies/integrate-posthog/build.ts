import { grep, type Manifest, manifestOf, RuleError } from '../../agent.ts'
import type { PolicyTools, ToolResult } from '../../policy.ts'
import type { Outcome, Rule } from '../../rule.ts'

const INSTALL: Readonly<Record<string, string>> = {
  npm: 'npm install --no-audit --no-fund',
  pnpm: 'pnpm install --no-frozen-lockfile',
  yarn: 'yarn install',
  bun: 'bun install',
}
const NO_NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b|getaddrinfo|Failed to fetch `[^`]+` from Google Fonts/
const LAST_LINES = 15

/** Installs what was declared and shows that the project still builds. */
export const build: Rule = {
  goal: 'Install the dependencies and show that the app still builds',
  follow: async (tools) => {
    const { manifest } = await manifestOf(tools)
    const manager = await managerOf(tools)
    const install = INSTALL[manager] ?? 'npm install'
    const installed = await tools.call('Bash', { command: install })
    if (!installed.ok) throw new RuleError(`Cannot install: ${evidence(install, installed)}`)
    const steps = await check(tools, manager, manifest)
    if (steps.length === 0) {
      return {
        status: 'not-needed',
        did: `Installed the dependencies with ${manager}`,
        reason: 'The project has no build, no typecheck and no plain source to check',
        evidence: evidence(install, installed),
      }
    }
    return outcome([{ command: install, result: installed }, ...steps])
  },
}

interface Step {
  readonly command: string
  readonly result: ToolResult
}

function outcome(steps: readonly Step[]): Outcome {
  const last = steps.at(-1)
  const shown = steps
    .map(({ command, result }) => evidence(command, result))
    .join('\n')
    .slice(-7000)
  const did = `Ran ${steps.map(({ command }) => `"${command}"`).join(', ')}`
  if (last?.result.ok)
    return { status: 'done', did, evidence: shown, forNextAgent: 'The app builds with all changes' }
  const reason = `Cannot show that the app builds: "${last?.command}" ended with an error`
  return { status: 'failed', did, reason, evidence: shown }
}

/** The build; the typecheck where only the network was missing; a syntax check where there is nothing to build. */
async function check(tools: PolicyTools, manager: string, manifest: Manifest): Promise<readonly Step[]> {
  const run = async (command: string): Promise<Step> => ({
    command,
    result: await tools.call('Bash', { command }),
  })
  const scripts = manifest.scripts ?? {}
  if (scripts.build !== undefined) {
    const built = await run(`${manager} run build`)
    if (built.result.ok || !NO_NETWORK.test(built.result.text)) return [built]
    return [built, await run('npx tsc --noEmit')]
  }
  if (scripts.typecheck !== undefined) return [await run(`${manager} run typecheck`)]
  const files = new Set((await grep(tools, 'posthog', '**/*.{js,mjs,cjs}')).map(({ file }) => file))
  const steps: Step[] = []
  for (const file of files) {
    const step = await run(`node --check ${file}`)
    steps.push(step)
    if (!step.result.ok) break
  }
  return steps
}

async function managerOf(tools: PolicyTools): Promise<string> {
  const { text } = await tools.call('detect_package_manager', {})
  const [, manager] = /^Package manager: ([a-z]+)/.exec(text) ?? []
  if (manager === undefined) throw new RuleError(`Cannot tell the package manager: ${text}`)
  return manager
}

/** How a command ended, with the last lines of what it said. */
function evidence(command: string, { text }: ToolResult): string {
  const [first = '', ...lines] = text.trimEnd().split('\n')
  return [`${command}: ${first}`, ...lines.slice(-LAST_LINES)].join('\n')
}
