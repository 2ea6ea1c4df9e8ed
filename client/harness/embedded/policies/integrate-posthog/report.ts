import { write } from '../../agent.ts'
import type { Rule } from '../../rule.ts'
import { type Told, toldTasks } from './told-tasks.ts'

const FILE = 'posthog-setup-report.md'
const TYPES = [
  'install',
  'init',
  'identify',
  'error-tracking',
  'plan-capture',
  'capture',
  'build',
  'dashboard',
  'configure',
]

/** What a person needs who was not there, from nothing but the handoffs. */
export const report: Rule = {
  goal: 'Write the setup report from the handoffs of all tasks',
  follow: async (tools) => {
    const { text } = await tools.call('read_handoffs', { types: TYPES })
    await write(tools, FILE, reportText(toldTasks(text)))
    return { status: 'done', did: `Wrote ${FILE} from the handoffs`, filesTouched: [FILE] }
  },
}

function reportText(tasks: readonly Told[]): string {
  const done = tasks.filter(({ status }) => status === 'done')
  const rest = tasks.filter(({ status }) => status !== 'done')
  const files = [...new Set(tasks.flatMap((task) => listed(task['Files touched'])))].sort()
  return [
    '# PostHog setup report',
    '',
    'Written by rules from the handoffs of the run, without a model.',
    ...section(
      'In place',
      done.map((task) => `**${task.type}**: ${task.Did ?? 'no account'}`),
    ),
    ...section(
      'Not in place',
      rest.map((task) => `**${task.type}** (${task.status}): ${whyNot(task)}`),
    ),
    ...section(
      'Changed files',
      files.map((file) => `\`${file}\``),
    ),
    ...section(
      'To look at',
      tasks.flatMap((task) => (task.Conflict ? [`**${task.type}**: ${task.Conflict}`] : [])),
    ),
    ...section('What to do next', next(tasks)),
  ]
    .join('\n')
    .concat('\n')
}

function next(tasks: readonly Told[]): readonly string[] {
  const assumptions = tasks.flatMap((task) =>
    task.type === 'init' && task.Assumptions ? [task.Assumptions] : [],
  )
  const proposals = tasks.flatMap((task) =>
    task.type === 'dashboard' ? (task['For the next agent'] ?? []) : [],
  )
  return [...assumptions.map((text) => `See to it that ${text}; \`.env.example\` names them`), ...proposals]
}

function whyNot(task: Told): string {
  return task.Failed ?? task['Not needed'] ?? 'it has not run'
}

function listed(text: string | undefined): readonly string[] {
  return text?.split(', ').filter(Boolean) ?? []
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${item}`)]
}
