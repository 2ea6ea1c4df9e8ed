import type { Prompt } from '../expanded.ts'
import { modelTier } from '../model-tier.ts'
import type { Rule } from './rule.ts'

const PROFILES = ['model', 'model_sdk', 'model_pi'] as const
const seed = '---\ntype: seed\nflow: demo\nseed: true\nmodel: claude-haiku-4-5\n---\nPlan.\n'
const task = (more: string) => `---\ntype: task\nflow: demo\n${more}---\nDo it.\n`

export const dearModel: Rule = {
  code: 'lint/dear-model',
  severity: 'warning',
  summary:
    'A task runs on a dearer model than the cheapest of its flow and does not say why. Add `reason: …` to its frontmatter, or take the cheaper model.',
  ok: [
    {
      files: {
        'agents/demo/seed.md': seed,
        'agents/demo/task.md': task(
          'model: claude-sonnet-5\nreason: it weighs many files against each other\n',
        ),
      },
    },
  ],
  notOk: [
    {
      files: { 'agents/demo/seed.md': seed, 'agents/demo/task.md': task('model: claude-sonnet-5\n') },
      at: ['agents/demo/task.md:4:8'],
    },
  ],
  check: ({ tree }, tell) => {
    for (const prompts of Map.groupBy(tree.prompts, ({ flow }) => flow).values()) {
      const cheapest = PROFILES.map((profile) => [profile, cheapestOf(prompts, profile)] as const)
      for (const prompt of prompts.filter(({ frontmatter }) => frontmatter.reason === undefined)) {
        const [profile, other] = cheapest.find(([name, { tier }]) => tier < tierOf(prompt, name, 0)) ?? []
        if (profile === undefined || other === undefined) continue
        tell(placeOf(prompt, profile), { message: messageFor(prompt, other.prompt, profile) })
      }
    }
  },
}

type Profile = (typeof PROFILES)[number]

/** The first prompt of a flow whose model is of the lowest tier there. */
function cheapestOf(prompts: readonly Prompt[], profile: Profile) {
  const tiers = prompts.map((prompt) => tierOf(prompt, profile, Infinity))
  const tier = tiers.reduce((low, other) => Math.min(low, other), Infinity)
  return { tier, prompt: prompts[tiers.indexOf(tier)] }
}

function tierOf({ frontmatter }: Prompt, profile: Profile, unknown: number): number {
  return modelTier(frontmatter[profile] ?? '') ?? unknown
}

function placeOf({ path, yaml }: Prompt, profile: Profile) {
  return { path, ...yaml.valueAt([profile]) }
}

function messageFor(
  { frontmatter, flow, type }: Prompt,
  other: Prompt | undefined,
  profile: Profile,
): string {
  const cheaper = `when "${other?.type}" runs on "${other?.frontmatter[profile]}"`
  return `Cannot see why ${flow}/${type} needs "${frontmatter[profile]}", ${cheaper}: expected "reason", or a cheaper model`
}
