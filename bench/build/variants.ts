import { type Generated, prose } from './documents.ts'

const GROUPS = 50
const FRAMEWORKS = 40
const PROMPTS = 22

/** URLs of the documents that the variants name; a build is given their texts. */
export const DOCUMENT_URLS: readonly string[] = Array.from(
  { length: 223 },
  (_, at) => `https://docs.example.com/guides/page-${at}.md`,
)

/**
 * A content tree of the existing kind: 50 groups with 400 variants, 22 prompts, 223 remote documents, and an
 * example app for each of 40 frameworks, of some 60 kB.
 */
export function variantTree(): Generated {
  const files = new Map<string, string>([
    ['content/commandments.yaml', 'all:\n  - Change only what the task names\nkit-1:\n  - Use the kit\n'],
    ['content/shared/setup.md', `${prose('setup', 4)}\n`],
  ])
  for (let group = 0; group < GROUPS; group++) addGroup(files, group)
  for (let app = 0; app < FRAMEWORKS; app++) addApp(files, app)
  const head = (type: string, more: string) =>
    `---\ntype: ${type}\nflow: integrate\nmodel_sdk: claude-haiku-4-5-20251001\n${more}---\n`
  files.set('content/agents/integrate/seed.md', `${head('seed', 'seed: true\n')}${prose('plan', 3)}\n`)
  for (let at = 1; at < PROMPTS; at++) {
    const skills = `skills: [kits-group-${at}-${frameworkOf(at, 0)}]\n`
    files.set(
      `content/agents/integrate/task-${at}.md`,
      `${head(`task-${at}`, skills)}${prose(`task ${at}`, 6)}\n\n{{> setup}}\n`,
    )
  }
  return files
}

/** The file of the tree that a benchmark edits: a reference that eight variants carry. */
export const EDITED_FILE = 'content/skills/kits/group-7/references/2-step.md'

function frameworkOf(group: number, variant: number): string {
  return `kit-${(group * 3 + variant * 5) % FRAMEWORKS}`
}

function addGroup(files: Map<string, string>, group: number): void {
  const dir = `content/skills/kits/group-${group}`
  const variants = Array.from({ length: 8 }, (_, at) => {
    const kit = frameworkOf(group, at)
    const doc = (nth: number) => DOCUMENT_URLS[(group * 8 + at * 7 + nth * 31) % DOCUMENT_URLS.length]
    return [
      ...[`  - id: ${kit}`, `    display_name: ${kit}`, `    framework: ${kit}`, `    tags: [${kit}]`],
      ...[`    example_paths: apps/${kit}`, '    docs_urls:', `      - ${doc(0)}`, `      - ${doc(1)}`],
    ]
  })
  files.set(
    `${dir}/config.yaml`,
    [
      'type: skill',
      'template: template.md',
      `description: Part ${group} for {display_name}`,
      'variants:',
      ...variants.flat(),
      '',
    ].join('\n'),
  )
  files.set(
    `${dir}/template.md`,
    `${prose(`guide ${group}`, 5)}\n\n{{> setup}}\n\n{workflow}\n\n{references}\n\n{commandments}\n`,
  )
  for (let step = 1; step <= 4; step++) {
    const next = step < 4 ? `${step + 1}-step.md` : 'null'
    files.set(
      `${dir}/references/${step}-step.md`,
      `---\ntitle: Step ${step}\nnext_step: ${next}\n---\n${prose(`step ${step} of ${group}`, 12)}\n`,
    )
  }
}

function addApp(files: Map<string, string>, app: number): void {
  files.set(`apps/kit-${app}/README.md`, `${prose(`app ${app}`, 4)}\n`)
  for (let file = 0; file < 24; file++) {
    const lines = Array.from(
      { length: 45 },
      (_, line) => `export function part${line}(value: number) {\n  return value + ${line * app + file}\n}`,
    )
    files.set(`apps/kit-${app}/src/part-${file}.ts`, `${lines.join('\n\n')}\n`)
  }
}
