import { type Header, STYLES } from './headers.ts'
import { PASSAGES } from './passages.ts'

const SEED = 20261121
const FLOWS = ['review', 'integrate', 'migrate', 'audit', 'document', 'translate', 'measure', 'repair']
const TYPES = [
  ...['plan', 'read-code', 'find-events', 'choose-names', 'add-package', 'init-client', 'identify-users'],
  ...['capture-events', 'group-users', 'add-flags', 'write-tests', 'run-tests', 'fix-types', 'check-build'],
  ...['update-docs', 'list-risks', 'compare', 'clean-up', 'write-report'],
]
const LABELS = [
  ...['Read the code', 'イベントを探す', 'Добавить событие', 'أضف الحدث', 'Größe prüfen', 'Élan vital'],
  ...['"Read: all of it"', "'It''s done'", '"Tab-free"', 'a – b', '50 % more', 'Ship it 🚀', 'C++ & C#'],
]
const TOOLS = [
  'Read',
  'Write',
  'Edit',
  'Glob',
  'Grep',
  'Bash',
  'enqueue_task',
  'complete_task',
  'read_handoffs',
]
const FRAMEWORKS = ['nextjs', 'django', 'rails', 'laravel', 'sveltekit']

/** Documents without a mistake, by path: always the same ones. */
export function honestDocuments(): ReadonlyMap<string, string> {
  const random = generator(SEED)
  const files = new Map<string, string>()
  for (const flow of FLOWS) addFlow(files, flow, random)
  for (let at = 1; at <= 100; at++) addSkill(files, `skill-${at}`, random)
  for (let at = 1; at <= 16; at++) addGroup(files, `area-${1 + (at % 4)}/group-${at}`, random)
  for (let at = 1; at <= 12; at++) files.set(`shared/part-${at}.md`, part(at, random))
  for (const [path, text] of Object.entries(ALONE)) files.set(path, text)
  return files
}

type Random = (below: number) => number

function addFlow(files: Map<string, string>, flow: string, random: Random): void {
  for (const [at, type] of TYPES.entries()) {
    const header = headerOf({ flow, type, at }, random)
    const style = pick(STYLES, random)
    const include = random(4) === 0 ? `{{> part-${1 + random(12)}}}\n` : ''
    const text = `---\n${style(header)}---\n## Goal\n\n${prose(2 + random(4), random)}\n${include}\n## How you know you succeeded\n\nIt is there.\n`
    files.set(`agents/${flow}/${type}.md`, dressed(text, random))
  }
}

function headerOf({ flow, type, at }: { flow: string; type: string; at: number }, random: Random): Header {
  const more: [string, string][] = [
    [pick(['model', 'model_pi', 'model_sdk'], random), 'claude-haiku-4-5-20251001'],
  ]
  if (at === 0) more.push(['seed', 'true'])
  if (at === TYPES.length - 1) more.push(['sink', 'true'])
  if (random(2) === 0) more.push(['label', pick(LABELS, random)])
  if (random(3) === 0)
    more.push(['effort', pick(['off', 'minimal', 'low', 'medium', 'high', 'xhigh'], random)])
  if (random(4) === 0) more.push(['timeout', pick(['90s', '10m', '1h'], random)])
  if (random(4) === 0) more.push(['maxTurns', pick(['1', '0x10', '40', '1000'], random)])
  if (random(4) === 0) more.push(['maxUsd', pick(['0.5', '2', '1e1', '.25'], random)])
  const lists: [string, string[]][] = [['allowedTools', TOOLS.slice(0, 1 + random(TOOLS.length))]]
  if (random(2) === 0) lists.push(['skills', [`skill-${1 + random(100)}`, `skill-${1 + random(100)}`]])
  if (at > 1 && random(2) === 0) lists.push(['dependsOn', [TYPES[1 + random(at - 1)] ?? 'plan']])
  if (random(5) === 0) lists.push(['disallowedTools', []])
  return { type, flow, more, lists }
}

function addSkill(files: Map<string, string>, name: string, random: Random): void {
  const descriptions = [
    'How to do one thing well',
    '"Quoted: with a colon"',
    '>-\n  Folded over\n  two lines',
    '|-\n  Kept on one line',
    '使い方の説明',
    "'Single ''quoted'' text'",
    'plain\n  text that goes on',
  ]
  const more = [
    '',
    'license: MIT\n',
    'metadata:\n  version: "1.0"\n  author: the team\n',
    'compatibility: Node 22 or newer\n',
    'allowed-tools: Read Grep Bash(git:*)\n',
    'metadata: {}\n',
  ]
  const front = `name: ${name}\ndescription: ${pick(descriptions, random)}\n${pick(more, random)}`
  const link = 'See [the details](references/details.md).\n'
  files.set(
    `skills/${name}/SKILL.md`,
    dressed(`---\n${front}---\n# ${name}\n\n${prose(3 + random(5), random)}\n${link}`, random),
  )
  const title = random(2) === 0 ? `---\ntitle: Details of ${name}\n---\n` : ''
  files.set(`skills/${name}/references/details.md`, `${title}# Details\n\n${prose(3 + random(8), random)}`)
}

function addGroup(files: Map<string, string>, key: string, random: Random): void {
  const dir = `skills/${key}`
  const variants = FRAMEWORKS.slice(0, 1 + random(FRAMEWORKS.length))
  const written = pick<(id: string) => string>(
    [
      (id) =>
        `  - id: ${id}\n    display_name: ${id.toUpperCase()}\n    framework: ${id}\n    tags: [${id}, web]\n`,
      (id) => `  - {id: ${id}, display_name: "The ${id} one", framework: ${id}}\n`,
      (id) => `- framework: ${id}\n  tags:\n  - ${id}\n  display_name: '${id}'\n  id: ${id}\n`,
    ],
    random,
  )
  files.set(
    `${dir}/config.yaml`,
    `# ${key}\ntype: skill\ntemplate: ${pick(['template.md', './template.md', '"template.md"'], random)}\ndescription: >-\n  How to do it with {display_name}\ntags: [analytics]\n${random(3) === 0 ? 'packaging: bundle\n' : ''}variants:\n${variants.map(written).join('')}`,
  )
  files.set(
    `${dir}/template.md`,
    `# {display_name}\n\n${prose(2 + random(3), random)}\n\n{workflow}\n\n{references}\n\n{commandments}\n`,
  )
  files.set(
    `${dir}/references/1-begin.md`,
    `---\ntitle: Begin\nnext_step: 2-go-on.md\n---\n# Begin\n\n${prose(2, random)}`,
  )
  files.set(`${dir}/references/2-go-on.md`, `---\nnext_step:\n---\n# Go on\n\n${prose(2, random)}`)
  files.set(`${dir}/references/notes.md`, `# Notes\n\n${prose(2, random)}`)
}

/** Bytes that an editor may add: a byte order mark, line ends of Windows, no last line end. */
function dressed(text: string, random: Random): string {
  const kind = random(12)
  if (kind === 0) return `\uFEFF${text}`
  if (kind === 1) return text.replaceAll('\n', '\r\n')
  return kind === 2 ? text.replace(/\n+$/, '') : text
}

function part(at: number, random: Random): string {
  const front = at % 3 === 0 ? `---\ntitle: Part ${at}\n---\n` : ''
  return `${front}What is said here holds everywhere.\n\n${prose(1 + random(2), random)}${at > 8 ? `\n{{> part-${at - 8}}}\n` : ''}`
}

function prose(count: number, random: Random): string {
  return `${Array.from({ length: count }, () => pick(PASSAGES, random)).join('\n\n')}\n`
}

function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[random(values.length)] as Value
}

/** Numbers that look random and are the same on every machine. */
function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const ALONE = {
  'commandments.yaml':
    "all:\n  - \"Never: guess a key\"\n  - 'It''s fine to ask'\n  - |\n    Two lines\n    of one rule\nweb:\n- Keep pages fast\nnextjs: []\n",
  'uri-schema.yaml':
    'scheme: mill\npatterns:\n  skill: "mill://skills/{id}/SKILL.md"\n  doc: mill://docs/{id}.md\n',
  'docs.yaml':
    '- id: notes\n  display_name: Notes\n  description: What to know\n  tags: []\n  urls: [shared/part-1.md, {url: ./shared/part-2.md, title: Two}]\n- {id: more-notes, display_name: More, description: d, urls: [shared/part-4.md], release_asset: true}\n',
  'marketplace.yaml':
    'target_repo: example/plugins\nplugins:\n  skill-1: {name: one, description: The first, keywords: [a, "b c"]}\n  area-2/group-1:\n    name: group-one\n    description: A group\n',
  'skip-patterns.yaml': 'includes:\n  - node_modules\n  - "*.lock"\nregex: ["\\\\.min\\\\.js$"]\nallow:\n',
  'agents/review/README.md': 'Notes for authors, never served: ---js\n',
} as const
