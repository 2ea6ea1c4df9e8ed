import type { Location, Message, Plugin } from 'esbuild'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { digestOf } from '../schemas/digest.ts'
import { comparePaths } from './content-path.ts'
import { errorAt, type Place } from './finding.ts'
import { START } from './position.ts'
import type { BundledScript, SourceFile } from './release.ts'
import { resolveImport, type Skill } from './scripts/imports.ts'
import { skillOfScript } from './scripts/paths.ts'
import { decode } from './text.ts'

/** What scripts came to, by the digest of all they could be made from. Keep one to bundle only what changed. */
export type ScriptMemo = Map<string, BundledScript>

/** Bytes of the largest file that a script may be made from. */
const MAX_SCRIPT_BYTES = 512 * 1024
/** Entries of a memo that grows without end would be a leak in a server. */
const MAX_MEMO = 1_000

const SOURCE = /\.(ts|mts|js|mjs|json)$/
const LOADERS = { ts: 'ts', mts: 'ts', js: 'js', mjs: 'js', json: 'json' } as const

/**
 * Bundles every `scripts/*.ts` of every skill into one module that imports nothing but Node's own. Reads
 * nothing but the files it is given, so a commit can be bundled without a checkout.
 */
export async function bundleScripts(
  files: readonly SourceFile[],
  memo: ScriptMemo = new Map(),
): Promise<ReadonlyMap<string, BundledScript>> {
  const skills = new Map<string, Skill>()
  const bundling: Promise<readonly [path: string, script: BundledScript]>[] = []
  for (const { path } of files) {
    const dir = skillOfScript(path)
    if (dir === undefined) continue
    const skill = skills.get(dir) ?? skillOf(dir, files)
    skills.set(dir, skill)
    bundling.push(remembered(memo, path, skill).then((script) => [path, script]))
  }
  return new Map(await Promise.all(bundling))
}

async function remembered(memo: ScriptMemo, path: string, skill: Skill): Promise<BundledScript> {
  const key = `${skill.digest} ${path}`
  const script = memo.get(key) ?? (await bundle(path, skill))
  memo.delete(key)
  memo.set(key, script)
  for (const oldest of [...memo.keys()].slice(0, -MAX_MEMO)) memo.delete(oldest)
  return script
}

function skillOf(dir: string, files: readonly SourceFile[]): Skill {
  const sources = files.filter(({ path }) => path.startsWith(`${dir}/`) && SOURCE.test(path))
  const digest = digestOf(sources.map(({ path, bytes }) => `${digestOf(bytes)} ${path}\n`).join(''))
  return { dir, sources: new Map(sources.map((file) => [file.path, file])), digest }
}

async function bundle(entry: string, skill: Skill): Promise<BundledScript> {
  const diagnostics: Diagnostic[] = []
  try {
    // Loaded by the first script there is: most trees have none.
    const { build } = await import('esbuild')
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      plugins: [within(skill, diagnostics)],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'inline',
      logLevel: 'silent',
      logLimit: 0,
      tsconfigRaw: '{}',
    })
    const sources = Object.keys(metafile.inputs)
      .map((input) => input.replace(`${NAMESPACE}:`, ''))
      .sort()
    if (diagnostics.length === 0) return { text: outputFiles[0]?.text ?? '', sources }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Message[] }
    diagnostics.push(
      ...(errors ?? [{ text: String(error), location: null }]).flatMap((at) => told(at, entry)),
    )
  }
  const inOrder = diagnostics.sort(
    (a, b) => comparePaths(a.path, b.path) || a.line - b.line || a.column - b.column,
  )
  return { diagnostics: inOrder.slice(0, MAX_TOLD) }
}

/** Findings of one script that are told. */
const MAX_TOLD = 20
const NAMESPACE = 'content'
/** What `decode` has told already needs no second telling by the bundler. */
const ALREADY_TOLD = 'already told'

/** Answers every import from the files of one skill, and refuses all others. */
function within(skill: Skill, diagnostics: Diagnostic[]): Plugin {
  return {
    name: 'within-the-skill',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path, namespace: NAMESPACE }
        const resolved = resolveImport({ specifier: path, importer, kind }, skill)
        if ('problem' in resolved) return { errors: [{ text: resolved.problem }] }
        if ('external' in resolved) return { path: resolved.external, external: true }
        return { path: resolved.file.path, namespace: NAMESPACE }
      })
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const file = skill.sources.get(path)
        const extension = SOURCE.exec(path)?.[1] as keyof typeof LOADERS
        if (file !== undefined && file.bytes.length > MAX_SCRIPT_BYTES) {
          const message = `Cannot bundle a file of ${file.bytes.length} bytes: expected at most ${MAX_SCRIPT_BYTES}`
          return { errors: [{ text: message, location: { file: path } }] }
        }
        const text = file && decode(file, (diagnostic) => diagnostics.push(diagnostic))
        if (text === undefined) return { errors: [{ text: ALREADY_TOLD }] }
        return { contents: text.text, loader: LOADERS[extension] }
      })
    },
  }
}

function told({ text, location }: Pick<Message, 'text' | 'location'>, entry: string): Diagnostic[] {
  if (text === ALREADY_TOLD) return []
  const message = text.startsWith('Cannot ')
    ? text
    : `Cannot bundle this script: ${text}, expected JavaScript or TypeScript that can be parsed`
  return [errorAt(placeOf(location, entry), { code: 'scripts/bundle', message })]
}

/** esbuild counts columns in bytes, from 0. */
function placeOf(location: Location | null, entry: string): Place {
  if (location === null) return { path: entry, ...START }
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString()
  return {
    path: location.file.replace(`${NAMESPACE}:`, ''),
    line: Math.max(1, location.line),
    column: before.length + 1,
  }
}
