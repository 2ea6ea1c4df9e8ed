import { manifestOf, RuleError, rewrite, undisturbed } from '../../agent.ts'
import type { PolicyTools } from '../../policy.ts'
import type { Outcome, Rule } from '../../rule.ts'
import { withDependency } from '../../source/manifest.ts'

/** Declares an SDK in the manifest, and no more: the build task installs. */
export function install(sdk: string, range: string): Rule {
  return {
    goal: 'Declare the PostHog SDK in the manifest',
    follow: (tools) => undisturbed(() => declare(tools, { sdk, range })),
  }
}

async function declare(tools: PolicyTools, { sdk, range }: { sdk: string; range: string }): Promise<Outcome> {
  const { text, manifest } = await manifestOf(tools)
  const declared = manifest.dependencies?.[sdk]
  if (declared !== undefined) {
    return {
      status: 'done',
      did: `Found ${sdk} ${declared} declared in package.json and changed nothing`,
    }
  }
  const after = withDependency(text, sdk, range)
  if (after === undefined) throw new RuleError('Cannot find a place for a dependency in package.json')
  await rewrite(tools, 'package.json', { before: text, after })
  return {
    status: 'done',
    did: `Declared ${sdk} ${range} in the dependencies of package.json`,
    forNextAgent: `Import from "${sdk}". It is declared, not yet installed`,
    filesTouched: ['package.json'],
  }
}
