import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import type { SourceFile } from '../release.ts'

/** The files that the scripts of one skill can be made from. */
export interface Skill {
  readonly dir: string
  readonly sources: ReadonlyMap<string, SourceFile>
  /** Of every file in `sources`. */
  readonly digest: string
}

/** One import, as it stands in a file. */
export interface ImportStatement {
  readonly specifier: string
  /** Path of that file. */
  readonly importer: string
  /** How it is written, in the words of esbuild. */
  readonly kind: string
}

/** What an import leads to. */
export type Import =
  | { readonly problem: string }
  | { readonly external: string }
  | { readonly file: SourceFile }

/** Resolves an import of a script: to another file of its skill, or to a module of Node. */
export function resolveImport({ specifier, importer, kind }: ImportStatement, skill: Skill): Import {
  if (kind.startsWith('require-')) {
    return { problem: `Cannot require "${specifier}" in a module: expected an import` }
  }
  if (specifier.startsWith('node:') && isBuiltin(specifier)) return { external: specifier }
  if (isBuiltin(specifier)) return { problem: `Cannot import "${specifier}": expected "node:${specifier}"` }
  if (!/^\.\.?\//.test(specifier)) {
    return {
      problem: `Cannot import "${specifier}": expected a file of the skill, such as "./${specifier}.ts", or a module of Node`,
    }
  }
  const { dir, sources } = skill
  const wanted = posix.join(posix.dirname(importer), specifier)
  const file = [wanted, wanted.replace(/\.(m?)js$/, '.$1ts'), `${wanted}.ts`]
    .map((candidate) => sources.get(candidate))
    .find((candidate) => candidate !== undefined)
  if (file !== undefined) return { file }
  return { problem: `Cannot import "${specifier}": expected a .ts, .js or .json file in "${dir}"` }
}
