import { didYouMean } from '../schemas/suggest.ts'
import { SKIP_PATTERNS } from './example/requests.ts'
import { errorAt, type Report } from './finding.ts'
import type { Library, Markdown } from './library.ts'
import type { Stage } from './memo.ts'
import { START } from './position.ts'
import type { Surroundings } from './release.ts'
import type { Yaml } from './yaml.ts'

/** `agents/<flow>/<type>.md`; without `markdown` when it could not be parsed. */
export interface ParsedAgent {
  readonly path: string
  readonly flow: string
  readonly type: string
  readonly markdown: Markdown | undefined
}

/** `skills/<name>/SKILL.md` and what lies beside it. */
export interface ParsedSkill {
  readonly name: string
  readonly dir: string
  readonly path: string
  readonly markdown: Markdown | undefined
}

/** A folder below `skills/` that holds a `config.yaml`. */
export interface ParsedGroup {
  readonly key: string
  readonly dir: string
  readonly path: string
  readonly yaml: Yaml | undefined
}

/** A content tree with every file in the role its place gives it; nothing in it is validated yet. */
export interface ParsedTree {
  readonly library: Library
  readonly agents: readonly ParsedAgent[]
  readonly skills: readonly ParsedSkill[]
  readonly groups: readonly ParsedGroup[]
  /** Name → partial; undefined when it could not be parsed. */
  readonly partials: ReadonlyMap<string, Markdown | undefined>
  readonly commandments: Yaml | undefined
  readonly uriSchema: Yaml | undefined
  readonly docs: Yaml | undefined
  readonly skipPatterns: Yaml | undefined
  readonly marketplace: Yaml | undefined
  readonly surroundings: Surroundings
}

/** Gives every file its role and parses it. */
export function parse(library: Library, surroundings: Surroundings, { report, memo }: Stage): ParsedTree {
  const readable = library.paths.filter((path) => library.bytes(path) !== undefined)
  for (const path of readable) reportMisplaced(library, path, report)
  return {
    library,
    agents: matching(library, AGENT).map((path) => {
      return memo.of(parsedAgent, path, library.markdown(path, 'required'))
    }),
    skills: matching(library, SKILL)
      .map((path) => memo.of(parsedSkill, path, library.markdown(path, 'required')))
      .filter(({ dir }) => !library.has(`${dir}/config.yaml`)),
    groups: matching(library, GROUP).map((path) => memo.of(parsedGroup, path, library.yaml(path))),
    partials: new Map(
      matching(library, PARTIAL).map((path) => [
        PARTIAL.exec(path)?.[1] ?? '',
        library.markdown(path, 'optional'),
      ]),
    ),
    commandments: library.yaml('commandments.yaml'),
    uriSchema: library.yaml('uri-schema.yaml'),
    docs: library.yaml('docs.yaml'),
    skipPatterns: library.yaml(SKIP_PATTERNS),
    marketplace: library.yaml('marketplace.yaml'),
    surroundings,
  }
}

const AGENT = /^agents\/([^/]+)\/([^/]+)\.md$/
const SKILL = /^skills\/([^/]+)\/SKILL\.md$/
const GROUP = /^skills\/(.+)\/config\.yaml$/
const PARTIAL = /^shared\/([^/]+)\.md$/

/** True for a file whose place alone says what reads it. */
export function isReadByItsPlace(path: string): boolean {
  return [AGENT, SKILL, GROUP, PARTIAL].some((pattern) => pattern.test(path))
}

function matching({ paths }: Library, pattern: RegExp): string[] {
  return paths.filter((path) => pattern.test(path))
}

function parsedAgent(path: string, markdown: Markdown | undefined): ParsedAgent {
  const [, flow = '', type = ''] = AGENT.exec(path) ?? []
  return { path, flow, type, markdown }
}

function parsedSkill(path: string, markdown: Markdown | undefined): ParsedSkill {
  const [, name = ''] = SKILL.exec(path) ?? []
  return { name, dir: `skills/${name}`, path, markdown }
}

function parsedGroup(path: string, yaml: Yaml | undefined): ParsedGroup {
  const [, key = ''] = GROUP.exec(path) ?? []
  return { key, dir: `skills/${key}`, path, yaml }
}

function reportMisplaced(library: Library, path: string, report: Report): void {
  const expected = placeExpected(library, path)
  if (expected === undefined) return
  const name = path.split('/').at(-1) ?? path
  const fix = didYouMean(name, ['config.yaml', 'SKILL.md', ...ROOT_FILES])
  const message = `Cannot serve "${path}" from there: expected ${expected}`
  report(
    errorAt(
      { path, ...START },
      { code: 'parse/misplaced', message, fix: fix?.replacement === name ? undefined : fix },
    ),
  )
}

const ROOT_FILES = [
  'commandments.yaml',
  'uri-schema.yaml',
  'docs.yaml',
  'skip-patterns.yaml',
  'marketplace.yaml',
  'waivers.yaml',
  'ceiling.yaml',
  'channels.yaml',
  'experiments.yaml',
]
const KNOWN = new Set(ROOT_FILES)

/** Where a file that looks like content should be, when it is not there; what is misplaced has been told. */
export function placeExpected(library: Library, path: string): string | undefined {
  if (path.startsWith('agents/') && path.endsWith('.md') && !AGENT.test(path))
    return 'agents/<flow>/<type>.md'
  if (path === 'skills/config.yaml' || /^skills\/.*\/config\.yml$/.test(path))
    return 'skills/<group>/config.yaml'
  if (
    /^(commandments|docs|uri-schema|skip-patterns|marketplace|waivers|ceiling|channels|experiments)\.yml$/.test(
      path,
    )
  )
    return path.replace(/yml$/, 'yaml')
  const deep = /^skills\/(.*)SKILL\.md$/.exec(path) ?? /^skills\/[^/]+\/skill\.md$/i.exec(path)
  if (deep === null) return placeOfRootFile(path)
  if (SKILL.test(path) || belongsToSkill(library, path)) return undefined
  return 'skills/<name>/SKILL.md'
}

function placeOfRootFile(path: string): string | undefined {
  if (path.includes('/') || !path.endsWith('.yaml') || KNOWN.has(path)) return undefined
  return didYouMean(path, ROOT_FILES)?.replacement
}

function belongsToSkill(library: Library, path: string): boolean {
  const parts = path.split('/')
  return parts.some((_, at) => {
    const dir = parts.slice(0, at).join('/')
    return at > 1 && (library.has(`${dir}/config.yaml`) || (at === 2 && library.has(`${dir}/SKILL.md`)))
  })
}
