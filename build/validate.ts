import { dashed } from '../schemas/ids.ts'
import type { DocumentTree, GroupDocument } from './documents.ts'
import { dirOf } from './example/names.ts'
import { examplePathOf, examplePathsOf } from './example/requests.ts'
import { skipFor } from './example/skip.ts'
import { checkExampleDirs, validateSkipPatterns } from './example/skip-patterns.ts'
import { type Report, watched } from './finding.ts'
import { categoriesOf, validateMarketplace } from './marketplace.ts'
import type { Stage } from './memo.ts'
import type { ParsedTree } from './parse.ts'
import { fileSources } from './sources.ts'
import { validateAgent } from './validate/agent.ts'
import { validateDocs } from './validate/docs.ts'
import { validateGroup } from './validate/group.ts'
import { validateCommandments, validateUris } from './validate/shared.ts'
import { validateSkill } from './validate/skill.ts'
import { tellUnread } from './validate/unread-files.ts'

/** Checks every document by itself. After this stage nothing is `unknown` any more. */
export function validate(tree: ParsedTree, { report, memo }: Stage): DocumentTree {
  const world = fileSources(tree.library, tree.surroundings)
  const agents = checkAll(tree.agents, (agent, own) => memo.told(validateAgent, agent, own), report)
  const skills = checkAll(
    tree.skills,
    (skill, own) => memo.asked(validateSkill, skill, { world, report: own }),
    report,
  )
  const groups = checkAll(
    tree.groups,
    (group, own) => memo.asked(validateGroup, group, { world, report: own }),
    report,
  )
  const documents = {
    groups: groups.flatMap(({ document }) => document ?? []),
    docs: memo.told(validateDocs, tree.docs, report),
  }
  tellUnread(tree, documents, { report, memo })
  return {
    ...documents,
    agents: agents.flatMap(({ document }) => document ?? []),
    skills: skills.flatMap(({ document }) => document ?? []),
    unread: {
      agents: agents.filter(({ document }) => document === undefined).map(({ parsed }) => parsed),
      skills: new Set([
        ...skills.filter(isBroken).map(({ parsed }) => parsed.name),
        ...groups
          .filter((group) => isBroken(group) || !group.document?.whole)
          .map(({ parsed }) => dashed(parsed.key)),
      ]),
    },
    commandments: memo.told(validateCommandments, tree.commandments, report),
    uris: memo.told(validateUris, tree.uriSchema, report),
    skip: validateSkips(tree, documents.groups, { report, memo }),
    offers: validateMarketplace(tree.marketplace, categoriesOf(tree), report),
  }
}

function validateSkips(
  tree: ParsedTree,
  groups: readonly GroupDocument[],
  { report, memo }: Stage,
): DocumentTree['skip'] {
  const paths = groups.flatMap(({ variants }) =>
    variants.flatMap(({ variant }) => examplePathsOf(variant.example_paths)),
  )
  const dirs = new Set(paths.map((path) => dirOf(examplePathOf(path) ?? path)))
  const patterns = memo.told(validateSkipPatterns, tree.skipPatterns, report)
  checkExampleDirs({ yaml: tree.skipPatterns, patterns }, dirs, report)
  return (path) => memo.of(skipFor, patterns, dirOf(path))
}

interface Checked<Parsed, Document> {
  readonly parsed: Parsed
  readonly document: Document | undefined
  readonly failed: boolean
}

function checkAll<Parsed, Document>(
  items: readonly Parsed[],
  check: (parsed: Parsed, report: Report) => Document | undefined,
  report: Report,
): Checked<Parsed, Document>[] {
  return items.map((parsed) => {
    const own = watched(report)
    return { parsed, document: check(parsed, own.report), failed: own.failed() }
  })
}

function isBroken({ document, failed }: Checked<unknown, unknown>): boolean {
  return document === undefined || failed
}
