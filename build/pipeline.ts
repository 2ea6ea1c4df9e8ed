import type { Diagnostic } from '../schemas/diagnostic.ts'
import { openBaseline } from './baseline.ts'
import { openBriefMemo } from './brief-memo.ts'
import { compile } from './compile.ts'
import { comparePaths } from './content-path.ts'
import { checkDeclarations } from './declarations.ts'
import { expand } from './expand.ts'
import { EXCUSED, type Report, treeError } from './finding.ts'
import { type Library, openLibrary } from './library.ts'
import { link } from './link.ts'
import type { LinkedTree } from './linked.ts'
import { SEVERITIES } from './lint/catalogue.ts'
import { applyIgnores } from './lint/ignore.ts'
import { lint } from './lint.ts'
import type { Memo, Stage } from './memo.ts'
import { pack } from './pack.ts'
import { type ParsedTree, parse } from './parse.ts'
import type { BuildOutcome, SourceTree } from './release.ts'
import { soundFiles } from './sound-files.ts'
import { validate } from './validate.ts'

/**
 * Content in, release out: the table of contents of this room. Pure, and the same bytes whatever the order of
 * the files. What is broken is told and left out; the rest is served.
 */
export function build(tree: SourceTree, memo: Memo = openBriefMemo()): BuildOutcome {
  return buildWhole(tree, memo).outcome
}

/** The same, with the tree that was served: what its baseline excuses is in it. */
export function buildWhole(
  tree: SourceTree,
  memo: Memo,
): { readonly outcome: BuildOutcome; readonly resolved: ResolvedTree } {
  const found = new Map<string, Diagnostic>()
  const excused = new Map<string, Diagnostic>()
  const tell = (diagnostic: Diagnostic) => found.set(JSON.stringify(diagnostic), diagnostic)
  const baseline = openBaseline(tree.files, tree.baselineUse ?? 'obey', tell)
  // One mistake in a file that many documents use is one finding.
  const report: Report = (diagnostic) => {
    if (!baseline.excuses(diagnostic)) return tell(diagnostic)
    excused.set(JSON.stringify(diagnostic), diagnostic)
    return EXCUSED
  }
  for (const diagnostic of tree.diagnostics) report(diagnostic)

  const resolved = resolveTree(tree, { report, memo })
  const { library, parsed, linked } = resolved
  const compiled = compile(linked, memo)
  const release = pack(compiled, linked, memo)

  if (isEmpty(parsed) && found.size === 0) report(nothingFound())
  const known = baseline.close([...excused.values()], [...found.values()].filter(isError), tell)
  const diagnostics = applyIgnores([...found.values()], library, SEVERITIES)
  const outcome = { release, diagnostics: diagnostics.sort(compareDiagnostics), baseline: known }
  return { outcome, resolved }
}

/** A tree in which every name means exactly one thing, and what it was read from. */
export interface ResolvedTree {
  readonly library: Library
  readonly parsed: ParsedTree
  readonly linked: LinkedTree
}

/** The stages up to the point from which on there is only writing. */
function resolveTree(tree: SourceTree, stage: Stage): ResolvedTree {
  const { report } = stage
  const broken: string[] = tree.diagnostics.filter(isError).map(({ path }) => path)
  const files = soundFiles(tree.files, (diagnostic) => {
    if (isError(diagnostic)) broken.push(diagnostic.path)
    report(diagnostic)
  })
  // What has a finding by now and is not among the files could not be read.
  const library = openLibrary(files, stage, broken)
  const parsed = parse(library, tree, stage)
  checkDeclarations(library, report)
  const documents = validate(parsed, stage)
  const expanded = expand(documents, parsed, stage)
  return { library, parsed, linked: link(lint(expanded, library, stage), tree.ceiling, report) }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

function isEmpty({ agents, skills, groups, docs }: ParsedTree): boolean {
  return agents.length + skills.length + groups.length === 0 && docs === undefined
}

function nothingFound(): Diagnostic {
  const message = 'Cannot find any content: expected agents/<flow>/<type>.md or skills/<name>/SKILL.md'
  return treeError({ code: 'discover/empty', message })
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    comparePaths(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    comparePaths(a.code, b.code) ||
    comparePaths(a.message, b.message)
  )
}
