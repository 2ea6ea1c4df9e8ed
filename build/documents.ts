import type { AgentFrontmatter } from '../schemas/agent-prompt.ts'
import type { Doc } from '../schemas/docs.ts'
import type { GroupConfig, UriSchema, Variant } from '../schemas/group.ts'
import type { ReferenceFrontmatter, SkillFrontmatter } from '../schemas/skill.ts'
import type { Skip } from './example/skip.ts'
import type { Place } from './finding.ts'
import type { Markdown } from './library.ts'
import type { Offer } from './marketplace.ts'
import type { Yaml } from './yaml.ts'

/** What is known of a document of which a part may be broken. */
interface Partly {
  /** False when something is wrong with it, so that it is not served. */
  readonly whole: boolean
  /** Keys of its frontmatter or config whose value cannot be gone by: that they are not there says nothing. */
  readonly doubts: ReadonlySet<string>
}

/** An agent prompt; keys in doubt are left out of its frontmatter. */
export interface AgentDocument extends Partly {
  readonly path: string
  readonly flow: string
  readonly type: string
  readonly frontmatter: AgentFrontmatter
  readonly yaml: Yaml
  readonly markdown: Markdown
}

/** A plain skill. Files are as they will be served, paths relative to the skill. */
export interface SkillDocument {
  readonly name: string
  readonly path: string
  readonly frontmatter: SkillFrontmatter
  readonly namePlace: Place
  /** False when something is wrong with it, so that it is not served. */
  readonly whole: boolean
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** A file of a group's `references/`. */
export interface ReferenceDocument {
  readonly name: string
  readonly frontmatter: ReferenceFrontmatter
  readonly markdown: Markdown
}

/** A variant as written, and where: `at` is its index in the file. */
export interface WrittenVariant extends Partly {
  readonly at: number
  readonly variant: Variant
}

/** A group; what is broken is left out of its config. It is whole when what every variant needs is. */
export interface GroupDocument extends Partly {
  readonly key: string
  readonly dir: string
  readonly path: string
  readonly yaml: Yaml
  readonly config: GroupConfig
  readonly variants: readonly WrittenVariant[]
  readonly references: readonly ReferenceDocument[]
  /** Path inside the skill → text. */
  readonly scripts: ReadonlyMap<string, string>
}

/** A document of `docs.yaml` as written, and where. */
export interface WrittenDoc {
  readonly doc: Doc
  readonly place: Place
  /** Where the url at an index is written. */
  readonly urlPlace: (at: number) => Place
}

/** What a name in a prompt may mean although it could not be read: no second finding is made of it. */
export interface Unread {
  /** Paths of agent prompts. */
  readonly agents: readonly { readonly flow: string; readonly type: string }[]
  /** Names of plain skills, and dashed keys of groups of which at least a part is missing. */
  readonly skills: ReadonlySet<string>
}

/** Everything of a tree that can be read. */
export interface DocumentTree {
  readonly agents: readonly AgentDocument[]
  readonly skills: readonly SkillDocument[]
  readonly groups: readonly GroupDocument[]
  readonly docs: readonly WrittenDoc[]
  readonly unread: Unread
  /** Tag → rules. */
  readonly commandments: ReadonlyMap<string, readonly string[]>
  readonly uris: UriSchema
  /** What is left out of an example app. */
  readonly skip: (examplePath: string) => Skip
  readonly offers: readonly Offer[]
}
