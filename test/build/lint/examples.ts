import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CEILING_PATH, ceilingOf, parseCeiling } from '../../../build/ceiling.ts'
import { gatherAndFetch } from '../../../build/gather.ts'
import { OUTSIDE_CODES } from '../../../build/lint/codes/outside.ts'
import type { Entry, Example } from '../../../build/lint/rule.ts'
import { build } from '../../../build/pipeline.ts'
import type { SourceTree } from '../../../build/release.ts'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { type Files, SEED, SKILL, TASK, treeOf } from '../trees.ts'

/** What every example is laid over: a flow of two tasks, one of which uses a skill. */
const BASE: Readonly<Record<string, string>> = {
  'agents/demo/seed.md': SEED,
  'agents/demo/task.md': TASK,
  'agents/demo/user.md': TASK.replace('type: task', 'type: user').replace(
    '---\nDo',
    'skills: [plain]\n---\nDo',
  ),
  'skills/plain/SKILL.md': SKILL,
}

/** What a build says of an example; those about the world, and those with links, are gathered from a disk and from sources that answer. */
export async function findingsOf(example: Example, entry: Entry): Promise<readonly Diagnostic[]> {
  const isOutside = OUTSIDE_CODES.includes(entry) || Object.values(example.files).some(isLink)
  const tree = isOutside ? await gathered(example) : exampleTree(example)
  return build(tree).diagnostics
}

/** A tree with a ceiling is built for the channel of an experiment. */
function exampleTree(example: Example): SourceTree {
  const tree = treeOf(filesOf(example))
  const file = tree.files.find(({ path }) => path === CEILING_PATH)
  const ceiling = file && parseCeiling(file, () => undefined)
  return ceiling === undefined ? tree : { ...tree, ceiling: ceilingOf(ceiling, 'experiment-short') }
}

function filesOf({ files }: Example): Files {
  const written = Object.entries({ ...BASE, ...files }).filter(
    (file): file is [string, string | Uint8Array<ArrayBuffer>] => file[1] !== undefined,
  )
  return Object.fromEntries(written)
}

async function gathered(example: Example): Promise<SourceTree> {
  const dir = mkdtempSync(join(tmpdir(), 'mill-example-'))
  try {
    const root = join(dir, 'content')
    const answers = new Map<string, string | Uint8Array>()
    for (const [path, text] of Object.entries(filesOf(example))) {
      if (path.startsWith('https://')) answers.set(path, text)
      else write(join(root, path), text)
    }
    const options = { cache: join(dir, 'cache'), fetch: sourceOf(answers), sleep: async () => undefined }
    return (await gatherAndFetch(root, options)).tree
  } finally {
    rmSync(dir, { recursive: true })
  }
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  if (isLink(text)) symlinkSync(text.slice('LINK '.length), path)
  else writeFileSync(path, text)
}

function isLink(text: string | Uint8Array | undefined): text is string {
  return typeof text === 'string' && text.startsWith('LINK ')
}

function sourceOf(answers: ReadonlyMap<string, string | Uint8Array>): typeof globalThis.fetch {
  return async (url) => {
    const answer = answers.get(String(url)) ?? 'HTTP 404'
    const [, status, location] = /^HTTP (\d+) ?(.*)$/.exec(String(answer)) ?? []
    if (status === undefined)
      return new Response(typeof answer === 'string' ? answer : new Uint8Array(answer))
    return new Response(null, { status: Number(status), headers: location ? { location } : {} })
  }
}
