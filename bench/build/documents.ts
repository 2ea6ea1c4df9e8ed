/** A tree to measure with: path, relative to the folder that holds the content root → text. */
export type Generated = ReadonlyMap<string, string>

const PER_BLOCK = 24

/**
 * A content tree of so many documents, the same for the same number: blocks of a flow of ten prompts, a group of
 * eight variants with its template and references, documents that they carry, and a plain skill.
 */
export function documentTree(documents: number): Generated {
  const files = new Map<string, string>([
    [
      'content/commandments.yaml',
      'all:\n  - Change only what the task names\n  - Say what was left undone\n',
    ],
    ['content/shared/setup.md', `${prose('setup', 4)}\n`],
  ])
  for (let block = 0; files.size + PER_BLOCK <= documents; block++) {
    for (const [path, text] of blockFiles(block)) files.set(path, text)
  }
  // Half a block would not be sound; what is left of the number is documents that nothing refers to.
  while (files.size < documents) files.set(`content/docs/rest/${files.size}.md`, `${prose('rest', 5)}\n`)
  return files
}

/** The file of a tree that a benchmark edits: a reference that eight variants carry. */
export function editedFile(documents: number): string {
  const block = Math.floor(documents / PER_BLOCK / 2)
  return `content/skills/area/group-${block}/references/2-step.md`
}

function blockFiles(block: number): Map<string, string> {
  const group = `content/skills/area/group-${block}`
  const files = new Map<string, string>([
    [`${group}/config.yaml`, groupConfig(block)],
    [
      `${group}/template.md`,
      `${prose(`guide ${block}`, 5)}\n\n{{> setup}}\n\n{workflow}\n\n{references}\n\n{commandments}\n`,
    ],
  ])
  for (let step = 1; step <= 6; step++) {
    const next = step < 6 ? `${step + 1}-step.md` : 'null'
    files.set(
      `${group}/references/${step}-step.md`,
      `---\ntitle: Step ${step}\ndescription: what step ${step} does\nnext_step: ${next}\n---\n${prose(`step ${step} of ${block}`, 12)}\n`,
    )
  }
  for (let at = 0; at < 4; at++)
    files.set(`content/docs/${block}/doc-${at}.md`, `${prose(`document ${at} of ${block}`, 20)}\n`)
  for (const [path, text] of flowFiles(block)) files.set(path, text)
  files.set(
    `content/skills/plain-${block}/SKILL.md`,
    `---\nname: plain-${block}\ndescription: A plain skill, number ${block}\n---\n${prose(`plain ${block}`, 10)}\n`,
  )
  files.set(`content/skills/plain-${block}/references/more.md`, `${prose(`more of ${block}`, 10)}\n`)
  return files
}

function groupConfig(block: number): string {
  const variants = Array.from({ length: 8 }, (_, at) => [
    `  - id: kit-${at}`,
    `    display_name: Kit ${at}`,
    `    framework: kit-${at}`,
    `    tags: [kit, kit-${at}]`,
    '    docs_urls:',
    `      - ../../../docs/${block}/doc-${at % 4}.md`,
  ])
  return [
    'type: skill',
    'template: template.md',
    `description: Work on area ${block} with {display_name}`,
    `tags: [area-${block}]`,
    'variants:',
    ...variants.flat(),
    '',
  ].join('\n')
}

function flowFiles(block: number): Map<string, string> {
  const flow = `flow-${block}`
  const head = (type: string, more: readonly string[]) =>
    [
      '---',
      `type: ${type}`,
      `flow: ${flow}`,
      'model_sdk: claude-haiku-4-5-20251001',
      ...more,
      '---',
      '',
    ].join('\n')
  const files = new Map([
    [`content/agents/${flow}/seed.md`, `${head('seed', ['seed: true'])}${prose(`plan ${block}`, 3)}\n`],
  ])
  for (let at = 0; at < 9; at++) {
    const after = at === 0 ? [] : [`dependsOn: [task-${at - 1}]`]
    const skill = at % 3 === 0 ? [`skills: [area-group-${block}]`] : []
    const header = head(`task-${at}`, [...after, ...skill, 'allowedTools: [Read, Edit, complete_task]'])
    files.set(
      `content/agents/${flow}/task-${at}.md`,
      `${header}${prose(`task ${at} of ${block}`, 6)}\n\n{{> setup}}\n`,
    )
  }
  return files
}

const WORDS =
  'agent project folder event capture key value server client screen person session test file line change build check name read write call result error state first last only every'.split(
    ' ',
  )

/** Plain paragraphs with a heading; the same for the same name. */
export function prose(name: string, paragraphs: number): string {
  let state = [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7)
  const word = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return WORDS[(state >>> 8) % WORDS.length] ?? ''
  }
  const paragraph = () => {
    const words = Array.from({ length: 40 }, word).join(' ')
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
  }
  const sections = Array.from({ length: paragraphs }, (_, at) =>
    at % 4 === 3
      ? `- \`${word()}\`: ${paragraph()}\n- [${word()}](https://example.com/${word()})`
      : paragraph(),
  )
  return [`# About ${name}`, ...sections].join('\n\n')
}
